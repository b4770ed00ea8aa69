// Server of Team Omega
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;

public class SumServer {
    private static final String NAME = "Server of Team Omega";
    private static final Random RANDOM = new Random();

    /** Serves one client; returns its number. */
    private static int serve(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        String clientName = in.readUTF();
        int clientNumber = in.readInt();
        int serverNumber = 1 + RANDOM.nextInt(100);

        System.out.println(clientName + " has connected to " + NAME);
        System.out.println("Client number: " + clientNumber);
        System.out.println("Server number: " + serverNumber);
        System.out.println("Sum: " + (clientNumber + serverNumber));

        out.writeUTF(NAME);
        out.writeInt(serverNumber);
        out.flush();
        return clientNumber;
    }

    public static void main(String[] args) throws IOException {
        try (ServerSocket listener = new ServerSocket(6789)) {
            System.out.println(NAME + " is running");
            boolean inRange = true;
            while (inRange) {
                try (Socket socket = listener.accept()) {
                    int number = serve(socket);
                    inRange = number >= 1 && number <= 100;
                }
            }
        }
        System.out.println("Shutting down");
    }
}
