// PA3 server, Team 28
// Threads are needed so that reading from one client does not block the other
// client. Every client is read by a thread of its own.
import java.io.*;
import java.net.*;
import java.util.*;

public class Server {
    static List<String> order = Collections.synchronizedList(new ArrayList<>());

    static class Receiver extends Thread {
        private final String name;
        private final Socket socket;

        Receiver(String name, Socket socket) {
            this.name = name;
            this.socket = socket;
        }

        public void run() {
            try {
                byte[] data = new byte[1024];
                int n = socket.getInputStream().read(data);
                String message = new String(data, 0, Math.max(n, 0)).trim();
                order.add(name + ": " + message);
                System.out.println("Client " + name + " sent message " + order.size() + ": " + message);
            } catch (IOException e) {
                e.printStackTrace();
            }
        }
    }

    static void tell(Socket socket, String text) throws IOException {
        socket.getOutputStream().write((text + "\n").getBytes());
    }

    public static void main(String[] args) throws Exception {
        ServerSocket server = new ServerSocket(12000);
        System.out.println("The server is waiting to receive 2 connections....");

        Socket x = server.accept();
        System.out.println("Accepted first connection, calling it client X");
        Receiver rx = new Receiver("X", x);
        rx.start();
        rx.join();

        Socket y = server.accept();
        System.out.println("Accepted second connection, calling it client Y");
        tell(x, "Client X connected");
        tell(y, "Client Y connected");
        Receiver ry = new Receiver("Y", y);
        ry.start();
        ry.join();

        String result = order.get(0) + " received before " + order.get(1);
        tell(x, result);
        tell(y, result);
        System.out.println("Sent acknowledgment to both X and Y");
        x.close();
        y.close();
        server.close();
    }
}
