/* CP372 Assignment 1, Group 5. The client. Files are saved as received_NAME. */
import java.io.DataInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

public class ChatClient {
    static DataInputStream in;

    /** A line from the server; null when it has closed the connection. */
    static String readLine() throws IOException {
        java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) {
                return null;
            }
            line.write(c);
        }
        return new String(line.toByteArray(), StandardCharsets.UTF_8);
    }

    static void showAnswer(String request) throws IOException {
        String line = readLine();
        if (request.equals("status") || request.equals("list")) {
            while (line != null && !line.equals("END")) {
                System.out.println(line);
                line = readLine();
            }
        } else if (line != null && line.startsWith("LENGTH ")) {
            byte[] data = new byte[Integer.parseInt(line.substring(7))];
            in.readFully(data);
            String name = "received_" + request.substring(4);
            try (FileOutputStream out = new FileOutputStream(name)) {
                out.write(data);
            }
            System.out.println("Saved as " + name + " (" + data.length + " bytes)");
        } else {
            System.out.println(line);
        }
    }

    public static void main(String[] args) throws IOException {
        Scanner keyboard = new Scanner(System.in);
        try (Socket socket = new Socket("localhost", 12345)) {
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            String greeting = readLine();
            System.out.println(greeting);
            if (greeting == null || !greeting.startsWith("Connected")) {
                return;
            }
            String request = "";
            while (!request.equals("exit")) {
                System.out.print("Enter message (status, list, get <file>, exit): ");
                System.out.flush();
                if (!keyboard.hasNextLine()) {
                    return;
                }
                request = keyboard.nextLine();
                socket.getOutputStream().write((request + "\n").getBytes(StandardCharsets.UTF_8));
                showAnswer(request);
            }
        }
    }
}
