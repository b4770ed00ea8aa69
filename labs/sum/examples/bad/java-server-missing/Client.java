import java.io.*; import java.net.*; import java.util.*;
public class Client { public static void main(String[] x) throws Exception {
  System.out.print("Enter a number: ");
  int n = new Scanner(System.in).nextInt();
  Socket s = new Socket("localhost", 4321);
  DataOutputStream o = new DataOutputStream(s.getOutputStream());
  o.writeUTF("Client of Moose;" + n);
  String[] r = new DataInputStream(s.getInputStream()).readUTF().split(";");
  System.out.println("Client of Moose " + n);
  System.out.println(r[0] + " " + r[1]);
  System.out.println("Sum " + (n + Integer.parseInt(r[1])));
}}
