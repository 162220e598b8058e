package bench;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Cloud Gateway with the two weighted routes of application.yaml. */
@SpringBootApplication
public class Scg {
  public static void main(String[] args) {
    SpringApplication.run(Scg.class, args);
  }
}
