import java.io.*;
import java.net.*;
import java.util.*;
public class Client {
    public static void main(String[] a) throws Exception {
        System.out.print("Enter integer: ");
        Message m = new Message("Client of Toucan", new Scanner(System.in).nextInt());
        try (Socket s = new Socket("127.0.0.1", 40000)) {
            ObjectOutputStream oos = new ObjectOutputStream(s.getOutputStream());
            ObjectInputStream ois = new ObjectInputStream(s.getInputStream());
            oos.writeObject(m);
            oos.flush();
            Message r = (Message) ois.readObject();
            System.out.println("sent     " + m);
            System.out.println("received " + r);
            System.out.println("sum      " + (m.number + r.number));
        }
    }
}
