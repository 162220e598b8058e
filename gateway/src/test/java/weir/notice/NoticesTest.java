package weir.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class NoticesTest {
  private static final Instant START = Instant.ofEpochMilli(1_000);

  private final Notices notices = new Notices(4, InstantSource.fixed(START));

  static Notice notice(String words) {
    return new Notice(0, START, "drift", "m", "1", words, "{}");
  }

  private void publish(String... words) {
    for (String each : words) {
      notices.publish(notice(each));
    }
  }

  private Collected resumed(long id) throws Exception {
    Collected collected = new Collected();
    notices.after(id).subscribe(collected);
    return collected.request(10);
  }

  @Test
  void publish_ids_growByOneFromTheMillisecondOfTheStart() {
    assertThat(notices.publish(notice("a")).id()).isEqualTo(1_000);
    assertThat(notices.publish(notice("b")).id()).isEqualTo(1_001);
  }

  @Test
  void subscribe_withoutId_getsOnlyWhatIsNewAndWasAskedFor() throws Exception {
    publish("old");
    Collected collected = new Collected();
    notices.subscribe(collected);
    publish("a", "b", "c");

    collected.request(2);
    assertThat(collected.words(2)).containsExactly("a", "b");
    collected.request(1);
    assertThat(collected.words(3)).containsExactly("a", "b", "c");
  }

  @Test
  void after_idInTheRing_replaysWhatIsNewer() throws Exception {
    publish("a", "b", "c", "d", "e");

    assertThat(resumed(1_000).words(4)).containsExactly("b", "c", "d", "e");
    assertThat(resumed(1_002).words(2)).containsExactly("d", "e");
    Collected upToDate = resumed(1_004);
    publish("f");
    assertThat(upToDate.words(1)).containsExactly("f");
  }

  @Test
  void after_idNoLongerKeptOrNeverGiven_saysFirstThatSomethingWasMissed() throws Exception {
    publish("a", "b", "c", "d", "e", "f");

    for (long unknown : new long[] {-5, 17, 1_000, 1_006, Long.MAX_VALUE}) {
      Collected collected = resumed(unknown);
      assertThat(collected.words(5))
          .containsExactly(
              "notices were missed: those after %d and before 1002 are not kept".formatted(unknown),
              "c",
              "d",
              "e",
              "f");
      assertThat(collected.notices().getFirst().type()).isEqualTo(Notice.MISSED);
      assertThat(collected.notices().getFirst().id()).isEqualTo(1_001);
    }
  }

  @Test
  void publish_slowSubscriber_isEndedAndCanResume() throws Exception {
    Collected slow = new Collected();
    notices.subscribe(slow);
    slow.request(1);
    publish("a");
    slow.words(1);

    publish("b", "c", "d", "e", "f");

    assertThat(slow.end()).contains("what follows notice 1000 is no longer kept");
    assertThat(resumed(1_001).words(4)).containsExactly("c", "d", "e", "f");
  }

  @Test
  void publish_subscriberThatThrows_isDroppedAlone() throws Exception {
    Collected other = new Collected();
    notices.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription given) {
            given.request(1);
          }

          @Override
          public void onNext(Notice notice) {
            throw new IllegalStateException("a fault of the test");
          }

          @Override
          public void onError(Throwable failure) {}

          @Override
          public void onComplete() {}
        });
    notices.subscribe(other);

    publish("a", "b");

    assertThat(other.request(5).words(2)).containsExactly("a", "b");
  }

  @Test
  void request_notPositive_isAnError() throws Exception {
    Collected collected = new Collected();
    notices.subscribe(collected);

    collected.request(0);

    assertThat(collected.end()).isEqualTo("request at least one notice");
  }

  @Test
  void close_subscribers_areEndedAfterWhatTheyAskedFor() throws Exception {
    Collected eager = new Collected();
    Collected idle = new Collected();
    notices.subscribe(eager);
    notices.subscribe(idle);
    eager.request(5);

    publish("a");
    notices.close();

    assertThat(eager.end()).isEqualTo("complete");
    assertThat(eager.notices()).extracting(Notice::words).containsExactly("a");
    assertThat(idle.end()).isEqualTo("complete");
    assertThat(idle.notices()).isEmpty();
    Collected late = new Collected();
    notices.subscribe(late);
    assertThat(late.end()).isEqualTo("complete");
  }

  @Test
  void toJson_anyText_isOneLineOfJson() throws Exception {
    String json = new Notice(7, START, "plan", "m\n\"", "", "a\r\nb", "{\n\"x\":\n[1]}").toJson();

    assertThat(json).doesNotContain("\n", "\r");
    JsonNode read = new ObjectMapper().readTree(json);
    assertThat(read.properties().stream().map(field -> field.getKey() + "=" + field.getValue()))
        .isEqualTo(
            List.of(
                "id=7",
                "at=\"1970-01-01T00:00:01Z\"",
                "type=\"plan\"",
                "model=\"m\\n\\\"\"",
                "variant=\"\"",
                "words=\"a\\r\\nb\"",
                "details={\"x\":[1]}"));
  }

  @Test
  void type_notOneWord_isRefused() {
    for (String type : new String[] {"", "Drift", "a b", "a\nid: 1", "x".repeat(65)}) {
      assertThatThrownBy(() -> new Notice(0, START, type, "", "", "", "{}"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
