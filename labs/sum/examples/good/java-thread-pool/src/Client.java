/* Client of Team 18 */
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.Socket;

public class Client {
    static final String NAME = "Client of Team 18";

    public static void main(String[] args) throws IOException {
        String host = args.length > 0 ? args[0] : "10.0.0.1";
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in));
        System.out.print("Number: ");
        int number = Integer.parseInt(keyboard.readLine().trim());

        try (Socket socket = new Socket(host, 12000);
             PrintWriter out = new PrintWriter(socket.getOutputStream(), true);
             BufferedReader in = new BufferedReader(
                 new InputStreamReader(socket.getInputStream()))) {
            out.println(NAME + ":" + number);
            String[] parts = in.readLine().split(":");
            int other = Integer.parseInt(parts[1]);
            System.out.println("From " + parts[0] + ": " + other);
            System.out.println("By " + NAME + ": " + number);
            System.out.println("In all: " + (number + other));
        }
    }
}
