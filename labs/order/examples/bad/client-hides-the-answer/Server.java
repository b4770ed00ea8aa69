import java.io.*;
import java.net.*;
import java.util.*;

/** Threads are needed because readLine() blocks until that one client has written. */
public class Server {
    static final List<String> arrived = Collections.synchronizedList(new ArrayList<>());

    public static void main(String[] args) throws Exception {
        ServerSocket ss = new ServerSocket(12000);
        System.out.println("The server is waiting to receive 2 connections....");
        Socket x = ss.accept();
        System.out.println("Accepted first connection, calling it client X");
        Socket y = ss.accept();
        System.out.println("Accepted second connection, calling it client Y");
        PrintWriter px = new PrintWriter(x.getOutputStream(), true);
        PrintWriter py = new PrintWriter(y.getOutputStream(), true);
        px.println("Client X connected");
        py.println("Client Y connected");
        Thread a = new Thread(() -> read(x, "X"));
        Thread b = new Thread(() -> read(y, "Y"));
        a.start();
        b.start();
        a.join();
        b.join();
        String s = arrived.get(0) + " received before " + arrived.get(1);
        px.println(s);
        py.println(s);
        System.out.println("Sent acknowledgment to both X and Y");
        x.close();
        y.close();
        ss.close();
    }

    static void read(Socket s, String who) {
        try {
            BufferedReader r = new BufferedReader(new InputStreamReader(s.getInputStream()));
            String line = r.readLine();
            synchronized (arrived) {
                arrived.add(who + ": " + line);
                System.out.println("Client " + who + " sent message " + arrived.size() + ": " + line);
            }
        } catch (IOException e) {
            e.printStackTrace();
        }
    }
}
