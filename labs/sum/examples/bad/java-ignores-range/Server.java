// Group Theta: the server
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.net.Socket;

public class Server {
    static final String NAME = "Server of Group Theta";
    static final int NUMBER = 42;

    public static void main(String[] args) throws IOException {
        ServerSocket listener = new ServerSocket(4444);
        System.out.println("Server started");
        while (true) {
            Socket socket = listener.accept();
            BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream()));
            PrintWriter out = new PrintWriter(socket.getOutputStream(), true);
            String[] fields = in.readLine().split(":");
            String name = fields[0];
            int number = Integer.parseInt(fields[1].trim());
            System.out.println("Client: " + name);
            System.out.println("Server: " + NAME);
            System.out.println("Client number: " + number);
            System.out.println("Server number: " + NUMBER);
            System.out.println("Sum: " + (number + NUMBER));
            out.println(NAME + ": " + NUMBER);
            socket.close();
        }
    }
}
