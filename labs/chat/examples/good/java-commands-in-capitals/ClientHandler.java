import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.time.*;
public class ClientHandler implements Runnable {
    static final Path REPO = Paths.get("Repository");
    Socket s; ClientInfo me;
    ClientHandler(Socket s, ClientInfo i) throws IOException { this.s = s; me = i; Files.createDirectories(REPO); }
    public void run() {
        try {
            BufferedReader r = new BufferedReader(new InputStreamReader(s.getInputStream()));
            OutputStream o = s.getOutputStream();
            o.write(("WELCOME " + me.name + "\n").getBytes());
            loop:
            for (String l; (l = r.readLine()) != null; ) {
                String[] w = l.split(" ", 2);
                switch (w[0]) {
                case "EXIT": o.write("BYE\n".getBytes()); break loop;
                case "STATUS":
                    synchronized (TCPServer.infos) { o.write((TCPServer.infos.toString() + "\n").getBytes()); }
                    break;
                case "LIST":
                    StringBuilder b = new StringBuilder();
                    for (File f : REPO.toFile().listFiles()) b.append(f.getName()).append("  ");
                    o.write((b + "\n").getBytes());
                    break;
                case "GET":
                    Path p = REPO.resolve(w.length > 1 ? w[1] : "");
                    if (w.length > 1 && Files.isRegularFile(p) && !w[1].contains("..")) {
                        o.write(("SENDING " + Files.size(p) + "\n").getBytes());
                        Files.copy(p, o);
                    } else o.write("NO SUCH FILE\n".getBytes());
                    break;
                default: o.write((l + " ACK\n").getBytes());
                }
            }
        } catch (IOException e) { System.err.println(e); }
        me.closed = LocalTime.now();
        try { s.close(); } catch (IOException e) { }
    }
}
