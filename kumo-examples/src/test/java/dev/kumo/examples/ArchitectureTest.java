package dev.kumo.examples;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.kumo.core.Mta;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.testkit.TestMta;

/** The map of the house, as far as a test can hold it. A module that is still empty breaks no rule. */
@AnalyzeClasses(packages = "dev.kumo", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static void theHouseIsThere(JavaClasses house) {
        assertThat(house.contain(Mta.class)).isTrue();
        assertThat(house.contain(EsmtpListener.class)).isTrue();
        assertThat(house.contain(TestMta.class)).isTrue();
        assertThat(house.contain(Gateway.class)).isTrue();
        assertThat(house.contain(ArchitectureTest.class)).isFalse();
    }

    @ArchTest
    static final ArchRule SMTP_KNOWS_NO_HTTP = noClasses()
            .that()
            .resideInAPackage("dev.kumo.smtp..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kumo.http..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule HTTP_KNOWS_NO_SMTP = noClasses()
            .that()
            .resideInAPackage("dev.kumo.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kumo.smtp..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule THE_SERVER_KNOWS_NO_CLIENT = noClasses()
            .that()
            .resideInAPackage("dev.kumo.smtp.server..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kumo.smtp.client..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule THE_CLIENT_KNOWS_NO_SERVER = noClasses()
            .that()
            .resideInAPackage("dev.kumo.smtp.client..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kumo.smtp.server..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule THE_GRAMMAR_KNOWS_NOBODY_WHO_SPEAKS_IT = noClasses()
            .that()
            .resideInAPackage("dev.kumo.smtp")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.kumo.smtp.server..", "dev.kumo.smtp.client..", "io.netty..");

    @ArchTest
    static final ArchRule CORE_KNOWS_NO_NETWORK_AND_NO_OTHER_MODULE = noClasses()
            .that()
            .resideInAPackage("dev.kumo.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty..",
                    "dev.kumo.smtp..",
                    "dev.kumo.http..",
                    "dev.kumo.tls..",
                    "dev.kumo.auth..",
                    "dev.kumo.lua..",
                    "dev.kumo.testkit..",
                    "dev.kumo.examples..");

    @ArchTest
    static final ArchRule SIGNING_KNOWS_NO_PROTOCOL = noClasses()
            .that()
            .resideInAPackage("dev.kumo.auth..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.kumo.smtp..", "dev.kumo.http..", "dev.kumo.lua..", "io.netty..");

    @ArchTest
    static final ArchRule LISTENERS_KNOW_NO_SIGNING = noClasses()
            .that()
            .resideInAnyPackage("dev.kumo.tls..", "dev.kumo.smtp..", "dev.kumo.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kumo.auth..");

    @ArchTest
    static final ArchRule NOBODY_LIVES_ON_THE_TEST_KIT = noClasses()
            .that()
            .resideOutsideOfPackage("dev.kumo.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kumo.testkit..");

    @ArchTest
    static final ArchRule NOBODY_LIVES_ON_THE_EXAMPLES = noClasses()
            .that()
            .resideOutsideOfPackage("dev.kumo.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kumo.examples..");

    @ArchTest
    static final ArchRule A_NAME_SAYS_WHAT_A_CLASS_IS =
            classes().should().haveNameNotMatching(".*(Impl|Manager|Helper|Utils|Util|\\bAbstract[^.]*)");

    @ArchTest
    static final ArchRule NO_STATE_IS_STATIC = fields().that()
            .areStatic()
            .and()
            .doNotHaveModifier(FINAL)
            .should()
            .notBeStatic()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule ONE_LOG = noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

    @ArchTest
    static final ArchRule ONLY_EXAMPLES_WRITE_TO_THE_CONSOLE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.kumo.examples..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().assignedFrom(new EachPackage()).should().beFreeOfCycles();

    /** A pattern of ArchUnit's leaves out the outermost package, in which the classes are that compose all others. */
    private static final class EachPackage implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
