/* CP372 Assignment 1, Group 5. The server: a thread for each client. */
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

public class ChatServer {
    static final int PORT = 12345;
    static final int MAX_CLIENTS = 3;
    static final File FOLDER = new File("files");
    static final List<Handler> all = new ArrayList<>();

    static class Handler extends Thread {
        final Socket socket;
        final String clientName;
        final LocalDateTime connected = LocalDateTime.now();
        volatile LocalDateTime disconnected = null;

        Handler(Socket socket, int number) {
            this.socket = socket;
            this.clientName = String.format("Client%02d", number);
        }

        void say(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        @Override
        public void run() {
            try {
                BufferedReader in = new BufferedReader(new InputStreamReader(
                    socket.getInputStream(), StandardCharsets.UTF_8));
                say("Connected as " + clientName);
                String line;
                while ((line = in.readLine()) != null && !line.equals("exit")) {
                    answer(line);
                }
                if (line != null) {
                    say("Goodbye!");
                }
            } catch (IOException e) {
                System.out.println(clientName + ": " + e.getMessage());
            } finally {
                disconnected = LocalDateTime.now();
                try {
                    socket.close();
                } catch (IOException e) {
                    System.out.println(e.getMessage());
                }
                System.out.println(clientName + " disconnected");
            }
        }

        void answer(String line) throws IOException {
            if (line.equals("status")) {
                StringBuilder text = new StringBuilder();
                synchronized (all) {
                    for (Handler h : all) {
                        text.append(h.clientName).append(" | ").append(h.connected)
                            .append(" | ").append(h.disconnected == null ? "active"
                                : h.disconnected.toString()).append("\n");
                    }
                }
                say(text + "END");
            } else if (line.equals("list")) {
                String[] names = FOLDER.list();
                say((names == null ? "" : String.join("\n", names)) + "\nEND");
            } else if (line.startsWith("get ")) {
                sendFile(line.substring(4));
            } else {
                say(line + "ACK");
            }
        }

        void sendFile(String name) throws IOException {
            File file = new File(FOLDER, new File(name).getName());
            say("LENGTH " + file.length());
            byte[] buffer = new byte[8192];
            try (InputStream in = new FileInputStream(file)) {
                int n;
                while ((n = in.read(buffer)) > 0) {
                    socket.getOutputStream().write(buffer, 0, n);
                }
            }
        }
    }

    public static void main(String[] args) throws IOException {
        FOLDER.mkdir();
        try (ServerSocket server = new ServerSocket(PORT)) {
            System.out.println("Server started on port " + PORT);
            while (true) {
                Socket socket = server.accept();
                synchronized (all) {
                    long active = all.stream().filter(h -> h.disconnected == null).count();
                    if (active >= MAX_CLIENTS) {
                        socket.getOutputStream().write("Server full\n".getBytes());
                        socket.close();
                        continue;
                    }
                    Handler handler = new Handler(socket, all.size() + 1);
                    all.add(handler);
                    System.out.println(handler.clientName + " connected");
                    handler.start();
                }
            }
        }
    }
}
