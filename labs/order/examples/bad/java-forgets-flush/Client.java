// PA3, Team 53
import java.io.*;
import java.net.*;

public class Client {
    public static void main(String[] args) throws Exception {
        Socket socket = new Socket("10.0.0.1", 12000);
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in));
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
        PrintWriter out = new PrintWriter(socket.getOutputStream(), true);

        System.out.println("From Server: " + in.readLine());
        System.out.print("Enter message to send to server: ");
        out.println(keyboard.readLine());
        System.out.println("From Server: " + in.readLine());
        socket.close();
    }
}
