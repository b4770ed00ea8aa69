import java.io.Serializable;
public class Message implements Serializable {
    private static final long serialVersionUID = 1L;
    public String name;
    public int number;
    public Message(String name, int number) { this.name = name; this.number = number; }
    @Override public String toString() { return "Message[name=" + name + ", number=" + number + "]"; }
}
