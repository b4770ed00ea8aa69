// Team 39: the server, with a pool of four threads
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

public class SumServer {
    static final String NAME = "Server of Team 39";
    static final int NUMBER = 42;
    static ServerSocket listener;

    static void serve(Socket socket) {
        try {
            BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream()));
            PrintWriter out = new PrintWriter(socket.getOutputStream(), true);
            String[] fields = in.readLine().split("/");
            int number = Integer.parseInt(fields[1]);
            System.out.println(fields[0] + " has connected to " + NAME + "\n"
                + number + " + " + NUMBER + " = " + (number + NUMBER));
            out.println(NAME + "/" + NUMBER);
            socket.close();
            if (number < 1 || number > 100) {
                listener.close();
            }
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    public static void main(String[] args) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        listener = new ServerSocket(12000);
        System.out.println("Waiting for clients");
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                pool.execute(() -> serve(socket));
            } catch (IOException e) {
                System.out.println("No more clients");
            }
        }
    }
}
