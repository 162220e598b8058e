package weir.access;

import static org.assertj.core.api.Assertions.assertThat;

import inference.GRPCInferenceServiceGrpc;
import io.grpc.MethodDescriptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import weir.access.Access.Answer;
import weir.access.AccessSettings.Mode;
import weir.access.LimitSettings.Rate;
import weir.inference.Reason;
import weir.observation.GatewayMetrics;

class AccessTest {
  private static final Need INFER = Needs.ofPath("/v2/models/{model}/infer");
  private static final Need LIST = Needs.ofPath("/admin/models");

  private final GatewayMetrics metrics = GatewayMetrics.create("test", InstantSource.system());
  private final AtomicLong nanos = new AtomicLong();
  private final ApiKey.Fresh ci = key("ci", "infer:m");
  private final ApiKey.Fresh ops = key("ops", "operate,read");

  private static ApiKey.Fresh key(String name, String roles) {
    return ApiKey.create(name, Grant.all(roles), new SecureRandom(), Instant.EPOCH);
  }

  private Access access(LimitSettings limits) {
    Access access =
        Access.create(
            new AccessSettings(
                Mode.AUTO,
                Optional.of(Path.of("keys")),
                Optional.empty(),
                limits,
                false,
                List.of(),
                List.of()),
            metrics.access(),
            InstantSource.system(),
            nanos::get);
    access.use(List.of(ci.key(), ops.key()));
    return access;
  }

  private static Credentials bearer(String secret, String from) {
    return new Credentials("Bearer " + secret, "", at(from));
  }

  private static InetSocketAddress at(String from) {
    return new InetSocketAddress(InetAddress.ofLiteral(from), 1);
  }

  private static Reason reason(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) answer).refusal().reason();
  }

  private static String words(Answer answer) {
    return ((Answer.Refused) answer).refusal().words();
  }

  @Test
  void admit_keyInEitherHeader_letsItsCallerIn() {
    Access access = access(LimitSettings.defaults());
    Answer in = new Answer.Admitted(ci.key().caller());

    assertThat(access.admit(INFER, "m", bearer(ci.secret(), "10.0.0.1"))).isEqualTo(in);
    assertThat(access.admit(INFER, "m", new Credentials("", ci.secret(), at("10.0.0.1"))))
        .isEqualTo(in);
    assertThat(metrics.scrape("").body()).contains("weir_caller_requests_total{caller=\"ci\"} 2");
  }

  @Test
  void admit_noWrongOrRevokedKey_isUnauthenticatedAndCounted() {
    Access access = access(LimitSettings.defaults());
    String wrong = ci.secret().substring(0, ci.secret().length() - 4) + "AAAA";

    Answer none = access.admit(INFER, "m", new Credentials("", "", at("10.0.0.1")));
    assertThat(reason(none)).isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(words(none)).contains("ops/weir key create");
    assertThat(reason(access.admit(INFER, "m", bearer(wrong, "10.0.0.1"))))
        .isEqualTo(Reason.UNAUTHENTICATED);
    access.use(List.of(ops.key()));
    assertThat(reason(access.admit(INFER, "m", bearer(ci.secret(), "10.0.0.1"))))
        .isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(metrics.scrape("").body())
        .contains("weir_refusals_total{model=\"\",reason=\"unauthenticated\"} 3");
  }

  @Test
  void admit_otherModelOrRole_isForbiddenAndNamesTheRole() {
    Access access = access(LimitSettings.defaults());

    Answer other = access.admit(INFER, "n", bearer(ci.secret(), "10.0.0.1"));
    assertThat(reason(other)).isEqualTo(Reason.FORBIDDEN);
    assertThat(words(other)).isEqualTo("ci lacks the role infer:n");
    assertThat(words(access.admit(LIST, "", bearer(ci.secret(), "10.0.0.1"))))
        .isEqualTo("ci lacks the role read:* or operate:*");
    assertThat(access.admit(LIST, "", bearer(ops.secret(), "10.0.0.1")))
        .isInstanceOf(Answer.Admitted.class);
  }

  @Test
  void admit_aboveItsRate_waitsAsLongAsItIsTold() {
    Access access =
        access(new LimitSettings(Optional.empty(), Map.of("ci", new Rate(2, 3)), new Rate(1, 20)));
    Credentials credentials = bearer(ci.secret(), "10.0.0.1");
    for (int i = 0; i < 3; i++) {
      assertThat(access.admit(INFER, "m", credentials)).isInstanceOf(Answer.Admitted.class);
    }

    Answer over = access.admit(INFER, "m", credentials);
    assertThat(reason(over)).isEqualTo(Reason.RATE_LIMITED);
    Refusal refusal = ((Answer.Refused) over).refusal();
    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(500));
    assertThat(refusal.retryAfterSeconds()).isEqualTo(1);
    nanos.addAndGet(refusal.retryAfter().toNanos());
    assertThat(access.admit(INFER, "m", credentials)).isInstanceOf(Answer.Admitted.class);
    assertThat(access.admit(LIST, "", bearer(ops.secret(), "10.0.0.1")))
        .isInstanceOf(Answer.Admitted.class);
  }

  @Test
  void admit_withoutKeysConfigured_limitsEachAddress() {
    Access access =
        Access.create(
            new AccessSettings(
                Mode.AUTO,
                Optional.empty(),
                Optional.empty(),
                new LimitSettings(Optional.of(new Rate(1, 1)), Map.of(), new Rate(1, 20)),
                false,
                List.of(),
                List.of()),
            metrics.access(),
            InstantSource.system(),
            nanos::get);

    assertThat(access.admit(INFER, "m", new Credentials("", "", at("2001:db8::1"))))
        .isEqualTo(new Answer.Admitted(Caller.ANYONE));
    assertThat(reason(access.admit(INFER, "m", new Credentials("", "", at("2001:db8::2")))))
        .isEqualTo(Reason.RATE_LIMITED);
    assertThat(access.admit(INFER, "m", new Credentials("", "", at("2001:db9::1"))))
        .isInstanceOf(Answer.Admitted.class);
  }

  @Test
  void admit_manyFailuresFromAnAddress_stopsThemAndNotTheGoodKey() {
    Access access = access(new LimitSettings(Optional.empty(), Map.of(), new Rate(1, 2)));
    for (int i = 0; i < 2; i++) {
      assertThat(reason(access.admit(INFER, "m", bearer("weir_x", "10.0.0.1"))))
          .isEqualTo(Reason.UNAUTHENTICATED);
    }

    assertThat(reason(access.admit(INFER, "m", bearer("weir_x", "10.0.0.1"))))
        .isEqualTo(Reason.RATE_LIMITED);
    assertThat(reason(access.admit(INFER, "m", bearer("weir_x", "10.0.0.2"))))
        .isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(access.admit(INFER, "m", bearer(ci.secret(), "10.0.0.1")))
        .isInstanceOf(Answer.Admitted.class);
  }

  @Test
  void callers_beyondAHundred_areCountedAsOthers() {
    for (int i = 0; i < 150; i++) {
      metrics.access().admitted("caller-" + i);
    }

    String scrape = metrics.scrape("").body();
    assertThat(scrape.lines().filter(line -> line.startsWith("weir_caller_requests_total{")))
        .hasSize(101);
    assertThat(scrape).contains("weir_caller_requests_total{caller=\"other\"} 50");
  }

  @Test
  void needs_ofEveryCallOfTheProtocol_areInTheTable() {
    assertThat(
            GRPCInferenceServiceGrpc.getServiceDescriptor().getMethods().stream()
                .map(MethodDescriptor::getFullMethodName))
        .allSatisfy(name -> assertThat(Needs.calls()).contains(name));
    assertThat(Needs.ofCall("inference.Other/New")).isEqualTo(Need.oneOf(Role.OPERATE));
  }

  @Test
  void texts_ofWhatHoldsASecret_tellNothingOfIt() {
    assertThat(bearer(ci.secret(), "10.0.0.1").toString() + ci)
        .doesNotContain(ci.secret().substring(18));
  }
}
