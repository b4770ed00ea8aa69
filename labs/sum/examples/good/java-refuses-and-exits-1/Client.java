import java.io.*; import java.net.*; import java.util.*;
public class Client { public static void main(String[] x) throws Exception {
  Scanner k = new Scanner(System.in);
  int n;
  do { System.out.print("Enter a number (1-100): "); n = k.nextInt(); } while (n < 1 || n > 100);
  Socket s = new Socket("localhost", 4322);
  new DataOutputStream(s.getOutputStream()).writeUTF("Client of Llama;" + n);
  String[] r = new DataInputStream(s.getInputStream()).readUTF().split(";");
  System.out.println("Client of Llama " + n + ", " + r[0] + " " + r[1] + ", sum " + (n + Integer.parseInt(r[1])));
}}
