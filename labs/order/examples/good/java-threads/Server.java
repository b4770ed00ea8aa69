/*
 * PA3, Team 20: the server
 *
 * Why multithreading is needed:
 * InputStream.read() blocks the thread that calls it. While the server waited
 * for one client it would be deaf to the other. We give each client a thread,
 * so each read blocks only its own thread. The threads put their messages into
 * one list, and because the list is shared the method that changes it is
 * synchronized. The order in the list is the order of arrival.
 */
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

public class Server {
    private static final int PORT = 12000;
    private final List<String> messages = new ArrayList<>();

    private synchronized void arrived(String label, String message) {
        messages.add(label + ": " + message);
        System.out.println("Client " + label + " sent message "
            + messages.size() + ": " + message);
    }

    private static String receive(Socket socket) throws IOException {
        byte[] buffer = new byte[1024];
        int n = socket.getInputStream().read(buffer);
        return n <= 0 ? "" : new String(buffer, 0, n, StandardCharsets.UTF_8).trim();
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private Thread reader(String label, Socket socket) {
        return new Thread(() -> {
            try {
                arrived(label, receive(socket));
            } catch (IOException e) {
                System.err.println("Client " + label + ": " + e.getMessage());
            }
        });
    }

    private void run() throws IOException, InterruptedException {
        try (ServerSocket listener = new ServerSocket(PORT)) {
            System.out.println("The server is waiting to receive 2 connections....");
            Socket x = listener.accept();
            System.out.println("Accepted first connection, calling it client X");
            Socket y = listener.accept();
            System.out.println("Accepted second connection, calling it client Y");

            send(x, "Client X connected");
            send(y, "Client Y connected");
            System.out.println("Waiting to receive messages from client X and client Y....");

            Thread forX = reader("X", x);
            Thread forY = reader("Y", y);
            forX.start();
            forY.start();
            forX.join();
            forY.join();

            String result = String.join(" received before ", messages);
            send(x, result);
            send(y, result);
            System.out.println("Sent acknowledgment to both X and Y");
            x.close();
            y.close();
        }
        System.out.println("Done.");
    }

    public static void main(String[] args) throws Exception {
        new Server().run();
    }
}
