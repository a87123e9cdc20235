import java.util.List;
import java.util.stream.Collectors;

public class Main {
    record City(String name, String country, int people) {}

    public static void main(String[] args) {
        var cities = List.of(new City("Lagos", "Nigeria", 15_400_000), new City("Kano", "Nigeria", 4_100_000),
            new City("Osaka", "Japan", 2_750_000), new City("Tokyo", "Japan", 14_000_000));

        cities.stream()
            .collect(Collectors.groupingBy(City::country, Collectors.summingInt(City::people)))
            .forEach((country, people) -> System.out.printf("%-8s %,12d%n", country, people));
    }
}
