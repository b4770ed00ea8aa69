/* PA3, Team 39 */
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.util.Scanner;

public class PA3Client {
    public static void main(String[] args) throws Exception {
        String host = args.length > 0 ? args[0] : "localhost";
        try (Socket socket = new Socket(host, 12000); Scanner keyboard = new Scanner(System.in)) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            System.out.println("From Server: " + in.readUTF());
            System.out.print("Enter message to send to server: ");
            new DataOutputStream(socket.getOutputStream()).writeUTF(keyboard.nextLine());
            System.out.println("From Server: " + in.readUTF());
        }
    }
}
