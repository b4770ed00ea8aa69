// PA3, Team 53
//
// Multithreading: readLine() blocks, so each client needs its own thread.
// Otherwise the message that is second could be read first.
import java.io.*;
import java.net.*;
import java.util.*;

public class Server {
    static final List<String> messages = Collections.synchronizedList(new ArrayList<>());

    public static void main(String[] args) throws Exception {
        ServerSocket server = new ServerSocket(12000);
        System.out.println("The server is waiting to receive 2 connections....");
        Socket[] socket = new Socket[2];
        PrintWriter[] out = new PrintWriter[2];
        Thread[] thread = new Thread[2];
        for (int i = 0; i < 2; i++) {
            socket[i] = server.accept();
            out[i] = new PrintWriter(socket[i].getOutputStream());
            System.out.println("Accepted client " + "XY".charAt(i));
        }
        for (int i = 0; i < 2; i++) {
            out[i].println("Client " + "XY".charAt(i) + " connected");
            int me = i;
            thread[i] = new Thread(() -> receive("XY".charAt(me), socket[me]));
            thread[i].start();
        }
        thread[0].join();
        thread[1].join();
        for (int i = 0; i < 2; i++) {
            out[i].println(messages.get(0) + " received before " + messages.get(1));
            out[i].close();
        }
        System.out.println("Sent acknowledgment to both X and Y");
    }

    static void receive(char label, Socket socket) {
        try {
            String text = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
            messages.add(label + ": " + text);
            System.out.println("Client " + label + " sent: " + text);
        } catch (IOException e) {
            System.out.println("Client " + label + ": " + e);
        }
    }
}
