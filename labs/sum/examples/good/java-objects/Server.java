import java.io.*;
import java.net.*;
public class Server {
    public static void main(String[] a) throws Exception {
        Message mine = new Message("Server of Toucan", (int) (Math.random() * 100) + 1);
        ServerSocket ss = new ServerSocket(40000);
        boolean ok = true;
        while (ok) {
            try (Socket s = ss.accept()) {
                ObjectOutputStream oos = new ObjectOutputStream(s.getOutputStream());
                ObjectInputStream ois = new ObjectInputStream(s.getInputStream());
                Message m = (Message) ois.readObject();
                System.out.println("received " + m);
                System.out.println("mine     " + mine);
                System.out.println("sum      " + (m.number + mine.number));
                oos.writeObject(mine);
                oos.flush();
                ok = m.number >= 1 && m.number <= 100;
            }
        }
        ss.close();
    }
}
