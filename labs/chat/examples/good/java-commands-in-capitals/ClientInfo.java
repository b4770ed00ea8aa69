import java.time.*;
public class ClientInfo {
    final String name; final LocalTime opened; volatile LocalTime closed;
    ClientInfo(int n) { name = String.format("Client%02d", n); opened = LocalTime.now(); }
    public String toString() { return name + "{opened=" + opened + ", closed=" + closed + "}"; }
}
