/* PA3, Team 20: the client. Run it twice: java Client [host] */
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.Socket;

public class Client {
    public static void main(String[] args) throws IOException {
        String host = args.length > 0 ? args[0] : "localhost";
        try (Socket socket = new Socket(host, 12000)) {
            BufferedReader server = new BufferedReader(
                new InputStreamReader(socket.getInputStream()));
            BufferedReader keyboard = new BufferedReader(
                new InputStreamReader(System.in));
            PrintWriter out = new PrintWriter(socket.getOutputStream(), true);

            System.out.println("From Server: " + server.readLine());
            System.out.print("Enter message to send to server: ");
            System.out.flush();
            out.println(keyboard.readLine());
            System.out.println("From Server: " + server.readLine());
        }
    }
}
