import java.util.Scanner;

public class Main {
    public static void main(String[] args) {
        var in = new Scanner(System.in);
        while (in.hasNextLine()) System.out.println("you said: " + in.nextLine());
    }
}
