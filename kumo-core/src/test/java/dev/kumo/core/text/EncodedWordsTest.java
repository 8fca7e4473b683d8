package dev.kumo.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain text | plain text",
                "=?utf-8?Q?gr=C3=BC=C3=9Fe?= | grüße",
                "=?ISO-8859-1?q?a_b=5Fc?= | a b_c",
                "=?utf-8?B?Z3LDvMOfZQ==?= | grüße",
                "=?utf-8?b?Z3LDvMOfZQ?= | grüße",
                "=?utf-8*de?Q?=C3=BC?= | ü",
                "before =?utf-8?Q?=C3=BC?= after | before ü after",
                "=?utf-8?Q?a?= =?utf-8?Q?b?= | ab",
                "=?utf-8?Q?=C3?=  =?utf-8?Q?=BC?= | ü",
                "=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?= | aé",
                "=?utf-8?Q?a?= - =?utf-8?Q?b?= | a - b",
                "=?utf-8?Q?a b?= | a b",
                "=?utf-8?Q?=ZZ=4?= | =ZZ=4",
                "=?no-such-charset?Q?a?= | =?no-such-charset?Q?a?=",
                "=?no-such?Q?a?= =?utf-8?Q?b?= | =?no-such?Q?a?= b",
                "=?a b?Q?c?= | =?a b?Q?c?=",
                "=?utf-8?X?a?= | =?utf-8?X?a?=",
                "=?utf-8?Q?a | =?utf-8?Q?a",
                "=?=?=?=? | =?=?=?=?",
                "=?utf-8?Q?? | =?utf-8?Q??",
                "x=?utf-8?Q??=y | xy",
            })
    void areMadeReadable(String value, String decoded) {
        assertThat(EncodedWords.decode(value)).isEqualTo(decoded);
    }
}
