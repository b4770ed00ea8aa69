// PA3 client, Team 28
import java.io.*;
import java.net.*;
import java.util.Scanner;

public class Client {
    public static void main(String[] args) throws Exception {
        Socket socket = new Socket("127.0.0.1", 12000);
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
        Scanner keyboard = new Scanner(System.in);

        System.out.print("Enter message to send to server: ");
        System.out.flush();
        String message = keyboard.nextLine();
        socket.getOutputStream().write(message.getBytes());
        System.out.println("From Server: " + in.readLine());
        System.out.println("From Server: " + in.readLine());
        socket.close();
    }
}
