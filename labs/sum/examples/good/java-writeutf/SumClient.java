// Client of Team Omega
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Scanner;

public class SumClient {
    private static final String NAME = "Client of Team Omega";

    public static void main(String[] args) throws IOException {
        Scanner keyboard = new Scanner(System.in);
        System.out.print("Enter an integer (1-100): ");
        int number = keyboard.nextInt();

        try (Socket socket = new Socket("localhost", 6789)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            out.writeUTF(NAME);
            out.writeInt(number);
            out.flush();

            String serverName = in.readUTF();
            int serverNumber = in.readInt();
            System.out.println("Client name: " + NAME);
            System.out.println("Server name: " + serverName);
            System.out.println("Client number: " + number);
            System.out.println("Server number: " + serverNumber);
            System.out.println("Sum: " + (number + serverNumber));
        }
    }
}
