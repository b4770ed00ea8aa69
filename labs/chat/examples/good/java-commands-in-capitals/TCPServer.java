import java.io.*;
import java.net.*;
import java.time.*;
import java.util.*;
public class TCPServer {
    static final ArrayList<ClientInfo> infos = new ArrayList<>();
    public static void main(String[] a) throws IOException {
        ServerSocket ss = new ServerSocket(6666, 10);
        System.out.println("Server ready.");
        for (;;) {
            Socket s = ss.accept();
            synchronized (infos) {
                if (infos.stream().filter(i -> i.closed == null).count() >= 3) {
                    s.getOutputStream().write("REJECTED server has 3 clients\n".getBytes());
                    s.close();
                } else {
                    ClientInfo i = new ClientInfo(infos.size() + 1);
                    infos.add(i);
                    new Thread(new ClientHandler(s, i)).start();
                }
            }
        }
    }
}
