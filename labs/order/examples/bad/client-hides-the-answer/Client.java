import java.io.*;
import java.net.*;

public class Client {
    public static void main(String[] args) throws IOException {
        Socket s = new Socket("localhost", 12000);
        BufferedReader in = new BufferedReader(new InputStreamReader(s.getInputStream()));
        PrintWriter out = new PrintWriter(s.getOutputStream(), true);
        BufferedReader kb = new BufferedReader(new InputStreamReader(System.in));
        in.readLine();
        System.out.print("Enter message to send to server: ");
        String m = kb.readLine();
        out.println(m);
        String reply = in.readLine();
        System.out.println("Reply received, bye");
        s.close();
    }
}
