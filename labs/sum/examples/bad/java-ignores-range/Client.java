// Group Theta: the client
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.Socket;
import java.util.Scanner;

public class Client {
    static final String NAME = "Client of Group Theta";

    public static void main(String[] args) throws IOException {
        System.out.print("Enter a number: ");
        int number = new Scanner(System.in).nextInt();
        try (Socket socket = new Socket("localhost", 4444)) {
            BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream()));
            PrintWriter out = new PrintWriter(socket.getOutputStream(), true);
            out.println(NAME + ": " + number);
            String reply = in.readLine();
            int other = Integer.parseInt(reply.split(":")[1].trim());
            System.out.println("Client: " + NAME + ", number " + number);
            System.out.println("Server: " + reply.split(":")[0] + ", number " + other);
            System.out.println("Sum: " + (number + other));
        }
    }
}
