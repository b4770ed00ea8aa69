/*
 * Server of Team 18: a pool of threads, one line each way, "name:number".
 */
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

public class Server {
    static final String NAME = "Server of Team 18";
    static final int NUMBER = 42;

    private final ServerSocket listener;
    private final ExecutorService pool = Executors.newCachedThreadPool();

    Server(int port) throws IOException {
        listener = new ServerSocket(port);
    }

    void run() throws IOException {
        System.out.println(NAME + " waits on port " + listener.getLocalPort());
        try {
            while (true) {
                Socket socket = listener.accept();
                pool.execute(() -> serve(socket));
            }
        } catch (SocketException closed) {
            System.out.println("The server is closed.");
        } finally {
            pool.shutdown();
        }
    }

    private void serve(Socket socket) {
        try (socket;
             BufferedReader in = new BufferedReader(
                 new InputStreamReader(socket.getInputStream()));
             PrintWriter out = new PrintWriter(socket.getOutputStream(), true)) {
            String line = in.readLine();
            if (line == null) {
                return;
            }
            int colon = line.lastIndexOf(':');
            String name = line.substring(0, colon);
            int number = Integer.parseInt(line.substring(colon + 1).trim());
            synchronized (this) {
                System.out.println(name + " / " + NAME);
                System.out.printf("%d + %d = %d%n", number, NUMBER, number + NUMBER);
            }
            out.println(NAME + ":" + NUMBER);
            if (number < 1 || number > 100) {
                listener.close();
            }
        } catch (IOException | RuntimeException e) {
            System.err.println("client: " + e.getMessage());
        }
    }

    public static void main(String[] args) throws IOException {
        new Server(args.length > 0 ? Integer.parseInt(args[0]) : 12000).run();
    }
}
