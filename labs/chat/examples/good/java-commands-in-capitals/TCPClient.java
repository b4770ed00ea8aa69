import java.io.*;
import java.net.*;
public class TCPClient {
    static DataInputStream in;
    @SuppressWarnings("deprecation") static String line() throws IOException { return in.readLine(); }
    public static void main(String[] a) throws IOException {
        Socket s = new Socket("localhost", 6666);
        in = new DataInputStream(new BufferedInputStream(s.getInputStream()));
        String w = line();
        System.out.println(w);
        if (w.startsWith("REJECTED")) System.exit(0);
        BufferedReader k = new BufferedReader(new InputStreamReader(System.in));
        System.out.println("Commands are EXIT, STATUS, LIST, GET filename. Other text is echoed.");
        while (true) {
            System.out.print("$ ");
            String m = k.readLine();
            if (m == null) break;
            s.getOutputStream().write((m + "\n").getBytes());
            String r = line();
            System.out.println(r);
            if (r.startsWith("SENDING ")) {
                byte[] b = new byte[Integer.parseInt(r.substring(8))];
                in.readFully(b);
                try (FileOutputStream f = new FileOutputStream(m.substring(4) + ".received")) { f.write(b); }
            }
            if (r.equals("BYE")) break;
        }
        s.close();
    }
}
