// Team 24: the client
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.Socket;
import java.util.Scanner;

public class Client {
    static final String NAME = "Client of Team 24";

    public static void main(String[] args) throws IOException {
        System.out.print("Enter a number: ");
        int number = new Scanner(System.in).nextInt();
        try (Socket socket = new Socket("localhost", 4444)) {
            BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream()));
            PrintWriter out = new PrintWriter(socket.getOutputStream(), true);
            out.println(NAME + ": " + number);
            String reply = in.readLine();
            if (reply != null) {
                System.out.println("You sent " + number);
            }
        }
    }
}
