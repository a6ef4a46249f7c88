// Asks the veraPDF engine whether files are valid PDF/UA-1. The engine is in the jar of the npm package
// @opendataloader/pdf; it needs JAXB, which Java no longer brings (Debian: libjaxb-java).
//
// java -cp JAR:JAXB tests/doc/PdfUa.java FILE...
// prints a line a file and what it breaks; exits 1 when any is not valid.
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.VeraPDFFoundry;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

final class PdfUa {
    private static final PDFAFlavour FLAVOUR = PDFAFlavour.PDFUA_1;

    public static void main(String[] files) {
        Logger.getLogger("").setLevel(Level.SEVERE);
        VeraGreenfieldFoundryProvider.initialise();
        VeraPDFFoundry foundry = Foundries.defaultInstance();
        boolean allValid = files.length > 0;
        for (String file : files)
            allValid &= check(foundry, Path.of(file));
        System.exit(allValid ? 0 : 1);
    }

    private static boolean check(VeraPDFFoundry foundry, Path file) {
        try (PDFAParser parser = foundry.createParser(file.toFile(), FLAVOUR);
             PDFAValidator validator = foundry.createValidator(FLAVOUR, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.printf("%s: %s, %d assertions%n", file.getFileName(),
                              result.isCompliant() ? "valid" : "NOT VALID", result.getTotalAssertions());
            broken(result).forEach((rule, times) -> System.out.printf("  %d times %s%n", times, rule));
            return result.isCompliant();
        } catch (Exception failure) {
            System.out.printf("%s: NOT READ, %s%n", file.getFileName(), failure);
            return false;
        }
    }

    private static Map<String, Integer> broken(ValidationResult result) {
        Map<String, Integer> rules = new TreeMap<>();
        for (TestAssertion assertion : result.getTestAssertions())
            if (assertion.getStatus() == TestAssertion.Status.FAILED)
                rules.merge(assertion.getRuleId().getClause() + " test " + assertion.getRuleId().getTestNumber() + ": "
                                + assertion.getMessage(), 1, Integer::sum);
        return rules;
    }
}
