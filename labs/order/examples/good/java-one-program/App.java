import java.io.*; import java.net.*; import java.util.*;
/* Threads: readLine blocks */
public class App {
  static final List<String> got = new ArrayList<>();
  static void serve() throws Exception {
    ServerSocket ss = new ServerSocket(12000);
    System.out.println("waiting for clients");
    Socket[] c = { ss.accept(), ss.accept() };
    for (int i = 0; i < 2; i++) new PrintWriter(c[i].getOutputStream(), true).println("Client " + "XY".charAt(i) + " connected");
    Thread[] t = new Thread[2];
    for (int i = 0; i < 2; i++) { final int k = i; t[i] = new Thread(() -> { try {
      String m = new BufferedReader(new InputStreamReader(c[k].getInputStream())).readLine();
      synchronized (got) { got.add("XY".charAt(k) + ": " + m); System.out.println(got.size() + " " + got.get(got.size() - 1)); }
    } catch (IOException e) { e.printStackTrace(); } }); t[i].start(); }
    for (Thread x : t) x.join();
    for (Socket x : c) { new PrintWriter(x.getOutputStream(), true).println(got.get(0) + " received before " + got.get(1)); x.close(); }
    System.out.println("Sent acknowledgment to both X and Y");
  }
  static void talk(Scanner kb) throws Exception {
    Socket s = new Socket("localhost", 12000);
    BufferedReader in = new BufferedReader(new InputStreamReader(s.getInputStream()));
    System.out.println("From Server: " + in.readLine());
    System.out.print("Enter message to send to server: ");
    new PrintWriter(s.getOutputStream(), true).println(kb.nextLine());
    System.out.println("From Server: " + in.readLine());
  }
  public static void main(String[] a) throws Exception {
    Scanner kb = new Scanner(System.in);
    System.out.println("1. Start server");
    System.out.println("2. Start client");
    System.out.print("Select an option: ");
    int n = Integer.parseInt(kb.nextLine().trim());
    if (n == 1) serve(); else talk(kb);
  }
}
