import java.io.*; import java.net.*;
public class Server { public static void main(String[] x) throws Exception {
  ServerSocket ss = new ServerSocket(4322);
  for (;;) {
    Socket s = ss.accept();
    String[] p = new DataInputStream(s.getInputStream()).readUTF().split(";");
    int n = Integer.parseInt(p[1]);
    System.out.println(p[0] + " has connected to Server of Llama");
    System.out.println("numbers: " + n + " and 42, sum: " + (n + 42));
    new DataOutputStream(s.getOutputStream()).writeUTF("Server of Llama;42");
    s.close();
    if (n < 1 || n > 100) { ss.close(); System.exit(1); }
  }
}}
