/** CP372, group 27: the client. When the server hangs up, the reader ends all. */
import java.io.*;
import java.net.Socket;

public class Client {
    public static void main(String[] args) throws IOException {
        Socket socket = new Socket(args.length > 0 ? args[0] : "localhost", 12345);
        PrintStream out = new PrintStream(socket.getOutputStream(), true);
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
        new Thread(() -> {
            try {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    System.out.println("< " + line);
                }
            } catch (IOException e) {
                System.out.println("lost: " + e.getMessage());
            }
            System.out.println("The server has hung up.");
            System.exit(0); // the other thread sits in readLine()
        }).start();

        System.out.println("Type a line, status or exit:");
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in));
        for (String line = keyboard.readLine(); line != null; line = keyboard.readLine()) {
            out.print(line + "\n");
            out.flush();
        }
        socket.close();
    }
}
