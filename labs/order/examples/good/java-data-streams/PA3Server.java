/*
 * PA3, Team 39
 *
 * Why multithreading? readUTF() blocks the thread that calls it. With one thread
 * for both clients, the server would have to decide beforehand which client it
 * listens to, and a faster message of the other client would be seen too late.
 * Each client has a thread from a pool; a queue, which is thread safe, keeps the
 * order in which the messages came.
 */
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

public class PA3Server {
    static final String[] LABEL = {"X", "Y"};

    public static void main(String[] args) throws Exception {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        Socket[] clients = new Socket[2];

        try (ServerSocket server = new ServerSocket(12000)) {
            System.out.println("The server is waiting to receive 2 connections....");
            for (int i = 0; i < 2; i++) {
                clients[i] = server.accept();
                System.out.println("Accepted connection " + (i + 1) + ", calling it client " + LABEL[i]);
            }
        }
        for (int i = 0; i < 2; i++) {
            tell(clients[i], "Client " + LABEL[i] + " connected");
        }
        for (int i = 0; i < 2; i++) {
            final String label = LABEL[i];
            final DataInputStream in = new DataInputStream(clients[i].getInputStream());
            pool.submit(() -> {
                queue.put(label + ": " + in.readUTF());
                return null;
            });
        }
        String first = queue.take();
        System.out.println("Message 1 - " + first);
        String second = queue.take();
        System.out.println("Message 2 - " + second);
        pool.shutdown();
        for (Socket client : clients) {
            tell(client, first + " received before " + second);
            client.close();
        }
        System.out.println("Sent acknowledgment to both X and Y");
    }

    static void tell(Socket client, String text) throws IOException {
        new DataOutputStream(client.getOutputStream()).writeUTF(text);
    }
}
