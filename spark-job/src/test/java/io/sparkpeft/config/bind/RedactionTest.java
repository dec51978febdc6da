package io.sparkpeft.config.bind;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    @ParameterizedTest
    @CsvSource({
        "fs.s3a.secret.key, abc, ***",
        "fs.s3a.access.key, abc, ***",
        "spark.ssl.keyPassword, abc, ***",
        "fs.s3a.session.token, abc, ***",
        "spark.sql.shuffle.partitions, 8, 8",
        "model.tokenizer, path/to/tokens, path/to/tokens",
        "data.min-tokens, 9, 9",
        "url, jdbc://u:p@host/x, jdbc://***@host/x",
        "url, https://host/x@1:2/y, https://host/x@1:2/y",
        "url, s3a://bucket/a?AccessToken=z&b=1, s3a://bucket/a?AccessToken=***&b=1",
    })
    void hidesSecretsOnly(String key, String value, String shown) {
        assertThat(Redaction.setting(key, value)).isEqualTo(shown);
    }
}
