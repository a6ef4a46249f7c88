/* camt.053 with libxml2's pull reader: names without their namespace prefix, no network, no document type, no entity
 * but XML's own five. Where an element stands decides what it means, so the table below is by whole paths. */
#include <libxml/xmlreader.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bank/camt053.h"

enum { DEPTH_MAX = 32, PATH_MAX_BYTES = 1024, VALUE_MAX = 4096 };

#define STATEMENT "Document/BkToCstmrStmt/Stmt"
#define BALANCE STATEMENT "/Bal"
#define BOOKING STATEMENT "/Ntry"
#define PAYMENT BOOKING "/NtryDtls/TxDtls"

/* ONE keeps the first of several, MANY all. */
enum leaf_kind { ONE, MANY };
enum leaf_owner { OF_STATEMENT, OF_BALANCE, OF_BOOKING, OF_PAYMENT };

struct leaf_row {
    const char *path;
    size_t length;
    enum leaf_owner owner;
    enum leaf_kind kind;
    size_t offset;
};

#define ROW(base, owner, kind, type, path, member) \
    {base "/" path, sizeof(base "/" path) - 1, owner, kind, offsetof(struct type, member)}
#define IN_STATEMENT(path, member) ROW(STATEMENT, OF_STATEMENT, ONE, camt_statement, path, member)
#define IN_BALANCE(path, member) ROW(BALANCE, OF_BALANCE, ONE, camt_balance, path, member)
#define IN_BOOKING(path, member) ROW(BOOKING, OF_BOOKING, ONE, camt_booking, path, member)
#define IN_PAYMENT(path, member) ROW(PAYMENT, OF_PAYMENT, ONE, camt_payment, path, member)
#define LIST_IN_PAYMENT(path, member) ROW(PAYMENT, OF_PAYMENT, MANY, camt_payment, path, member)

/* Where 001.02 and 001.08 (Pty, Sts/Cd, Amt of a payment) differ both have a row. */
static const struct leaf_row leaves[] = {
    IN_STATEMENT("Id", id),
    IN_STATEMENT("ElctrncSeqNb", electronic_sequence),
    IN_STATEMENT("LglSeqNb", legal_sequence),
    IN_STATEMENT("Acct/Id/IBAN", iban),
    IN_STATEMENT("Acct/Id/Othr/Id", other_account),
    IN_STATEMENT("Acct/Ccy", currency),
    IN_BALANCE("Tp/CdOrPrtry/Cd", code),
    IN_BALANCE("Amt", amount),
    IN_BALANCE("CdtDbtInd", side),
    IN_BOOKING("NtryRef", reference),
    IN_BOOKING("Amt", amount),
    IN_BOOKING("CdtDbtInd", side),
    IN_BOOKING("RvslInd", reversal),
    IN_BOOKING("Sts", status),
    IN_BOOKING("Sts/Cd", status_code),
    IN_BOOKING("Sts/Prtry", status_code),
    IN_BOOKING("BookgDt/Dt", booked),
    IN_BOOKING("BookgDt/DtTm", booked),
    IN_BOOKING("ValDt/Dt", valued),
    IN_BOOKING("ValDt/DtTm", valued),
    IN_BOOKING("AcctSvcrRef", servicer_reference),
    IN_BOOKING("BkTxCd/Domn/Cd", operation.domain),
    IN_BOOKING("BkTxCd/Domn/Fmly/Cd", operation.family),
    IN_BOOKING("BkTxCd/Domn/Fmly/SubFmlyCd", operation.subfamily),
    IN_BOOKING("BkTxCd/Prtry/Cd", operation.own),
    IN_BOOKING("AddtlNtryInf", information),
    IN_PAYMENT("Refs/EndToEndId", end_to_end),
    IN_PAYMENT("Refs/AcctSvcrRef", servicer_reference),
    IN_PAYMENT("Amt", amount),
    IN_PAYMENT("AmtDtls/TxAmt/Amt", transaction_amount),
    IN_PAYMENT("CdtDbtInd", side),
    IN_PAYMENT("BkTxCd/Domn/Cd", operation.domain),
    IN_PAYMENT("BkTxCd/Domn/Fmly/Cd", operation.family),
    IN_PAYMENT("BkTxCd/Domn/Fmly/SubFmlyCd", operation.subfamily),
    IN_PAYMENT("BkTxCd/Prtry/Cd", operation.own),
    IN_PAYMENT("RltdPties/Dbtr/Nm", debtor.name),
    IN_PAYMENT("RltdPties/Dbtr/Pty/Nm", debtor.name),
    IN_PAYMENT("RltdPties/UltmtDbtr/Nm", debtor.ultimate),
    IN_PAYMENT("RltdPties/UltmtDbtr/Pty/Nm", debtor.ultimate),
    IN_PAYMENT("RltdPties/DbtrAcct/Id/IBAN", debtor.iban),
    IN_PAYMENT("RltdPties/Cdtr/Nm", creditor.name),
    IN_PAYMENT("RltdPties/Cdtr/Pty/Nm", creditor.name),
    IN_PAYMENT("RltdPties/UltmtCdtr/Nm", creditor.ultimate),
    IN_PAYMENT("RltdPties/UltmtCdtr/Pty/Nm", creditor.ultimate),
    IN_PAYMENT("RltdPties/CdtrAcct/Id/IBAN", creditor.iban),
    LIST_IN_PAYMENT("RmtInf/Strd/CdtrRefInf/Ref", structured),
    LIST_IN_PAYMENT("RmtInf/Strd/CdtrRefInf/CdtrRef", structured),
    LIST_IN_PAYMENT("RmtInf/Strd/RfrdDocInf/Nb", text),
    LIST_IN_PAYMENT("RmtInf/Strd/AddtlRmtInf", text),
    LIST_IN_PAYMENT("RmtInf/Ustrd", text),
    LIST_IN_PAYMENT("AddtlTxInf", text),
    IN_PAYMENT("RtrInf/Rsn/Cd", return_reason),
    IN_PAYMENT("RtrInf/Rsn/Prtry", return_reason),
};

struct camt_reader {
    xmlTextReaderPtr xml;
    struct bank_build *build;
    char path[PATH_MAX_BYTES];
    size_t path_length;
    size_t lengths[DEPTH_MAX]; /* of the path above each open element */
    size_t depth;
    const struct leaf_row *leaf; /* whose value is being read */
    struct camt_value value;
    char text[VALUE_MAX];
    size_t text_length;
    struct camt_statement statement;
    struct camt_balance balance;
    struct camt_booking booking;
    struct camt_payment payment;
    char xml_error[120]; /* what libxml2 first complained about */
    int64_t xml_error_line;
};

static void on_xml_error(void *context, const char *message, xmlParserSeverities severity,
                         xmlTextReaderLocatorPtr locator)
{
    struct camt_reader *reader = context;
    if (severity == XML_PARSER_SEVERITY_WARNING || severity == XML_PARSER_SEVERITY_VALIDITY_WARNING ||
        reader->xml_error[0] != '\0')
        return;
    (void)snprintf(reader->xml_error, sizeof reader->xml_error, "%.*s", (int)strcspn(message, "\r\n"), message);
    reader->xml_error_line = xmlTextReaderLocatorLineNumber(locator);
}

static int64_t line_now(const struct camt_reader *reader)
{
    return xmlGetLineNo(xmlTextReaderCurrentNode(reader->xml));
}

static size_t booking_now(const struct camt_reader *reader)
{
    bool inside = strncmp(reader->path, BOOKING, sizeof BOOKING - 1) == 0;
    return inside ? reader->build->bookings + 1 : 0;
}

static bool path_is(const struct camt_reader *reader, const char *path)
{
    return strcmp(reader->path, path) == 0;
}

/* ---- elements ---- */

static const struct leaf_row *leaf_at(const struct camt_reader *reader)
{
    for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++)
        if (leaves[i].length == reader->path_length && memcmp(leaves[i].path, reader->path, leaves[i].length) == 0)
            return &leaves[i];
    return NULL;
}

static enum err push(struct camt_reader *reader)
{
    const char *name = (const char *)xmlTextReaderConstLocalName(reader->xml);
    size_t n = strlen(name);
    if (reader->depth == DEPTH_MAX || reader->path_length + n + 2 > sizeof reader->path)
        return bank_fail(reader->build, BANK_FIELD, line_now(reader), booking_now(reader), "nested too deep");
    reader->lengths[reader->depth++] = reader->path_length;
    if (reader->path_length != 0)
        reader->path[reader->path_length++] = '/';
    memcpy(reader->path + reader->path_length, name, n + 1);
    reader->path_length += n;
    return OK;
}

static enum err check_message(const struct camt_reader *reader)
{
    bool wrong = (reader->depth == 1 && !path_is(reader, "Document")) ||
                 (reader->depth == 2 && !path_is(reader, "Document/BkToCstmrStmt"));
    if (!wrong)
        return OK;
    return bank_fail(reader->build, BANK_UNKNOWN, line_now(reader), 0, "«%.60s» is not a camt.053 statement",
                     reader->path);
}

static void open_element(struct camt_reader *reader)
{
    int64_t line = line_now(reader);
    if (path_is(reader, STATEMENT))
        reader->statement = (struct camt_statement){.line = line};
    else if (path_is(reader, BALANCE))
        reader->balance = (struct camt_balance){.line = line};
    else if (path_is(reader, BOOKING)) {
        arena_reset(reader->build->work);
        reader->booking = (struct camt_booking){.line = line};
    } else if (path_is(reader, PAYMENT))
        reader->payment = (struct camt_payment){0};
    reader->leaf = leaf_at(reader);
    reader->text_length = 0;
    reader->value = (struct camt_value){.line = line};
    xmlChar *currency = reader->leaf == NULL ? NULL : xmlTextReaderGetAttribute(reader->xml, BAD_CAST "Ccy");
    if (currency != NULL)
        reader->value.currency = str_dup(reader->build->arena, str_of((const char *)currency));
    xmlFree(currency);
}

static void *owner_of(struct camt_reader *reader, enum leaf_owner owner)
{
    switch (owner) {
    case OF_STATEMENT:
        return &reader->statement;
    case OF_BALANCE:
        return &reader->balance;
    case OF_BOOKING:
        return &reader->booking;
    default:
        return &reader->payment;
    }
}

static void keep_value(struct camt_reader *reader)
{
    struct arena *arena = reader->build->arena;
    const struct leaf_row *leaf = reader->leaf;
    char *member = (char *)owner_of(reader, leaf->owner) + leaf->offset;
    struct camt_value value = reader->value;
    value.text = bank_clean(arena, (struct str){reader->text, reader->text_length});
    struct camt_value *one = (struct camt_value *)(void *)member;
    if (leaf->kind == MANY)
        bank_list_add(reader->build->work, (struct bank_list *)(void *)member, value.text);
    else if (one->text.n == 0)
        *one = value;
}

static enum err close_element(struct camt_reader *reader)
{
    enum err err = OK;
    if (reader->leaf != NULL && reader->leaf->length == reader->path_length)
        keep_value(reader);
    reader->leaf = NULL;
    if (path_is(reader, PAYMENT))
        err = camt_add_payment(reader->build, &reader->booking, &reader->payment);
    else if (path_is(reader, BOOKING))
        err = camt_end_booking(reader->build, &reader->statement, &reader->booking);
    else if (path_is(reader, BALANCE))
        camt_add_balance(&reader->statement, &reader->balance);
    else if (path_is(reader, STATEMENT))
        err = camt_end_statement(reader->build, &reader->statement);
    if (err != OK)
        return err;
    reader->path_length = reader->lengths[--reader->depth];
    reader->path[reader->path_length] = '\0';
    return OK;
}

static enum err take_text(struct camt_reader *reader)
{
    struct str text = str_of((const char *)xmlTextReaderConstValue(reader->xml));
    if (reader->leaf == NULL)
        return OK;
    if (text.n > sizeof reader->text - reader->text_length)
        return bank_fail(reader->build, BANK_FIELD, line_now(reader), booking_now(reader),
                         "«%s» has more than %d bytes", reader->leaf->path, VALUE_MAX);
    memcpy(reader->text + reader->text_length, text.p, text.n);
    reader->text_length += text.n;
    return OK;
}

static enum err start_element(struct camt_reader *reader)
{
    bool empty = xmlTextReaderIsEmptyElement(reader->xml) == 1;
    enum err err = push(reader);
    if (err == OK)
        err = check_message(reader);
    if (err != OK)
        return err;
    open_element(reader);
    return empty ? close_element(reader) : OK;
}

static enum err take_node(struct camt_reader *reader)
{
    switch (xmlTextReaderNodeType(reader->xml)) {
    case XML_READER_TYPE_ELEMENT:
        return start_element(reader);
    case XML_READER_TYPE_END_ELEMENT:
        return close_element(reader);
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        return take_text(reader);
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY:
    case XML_READER_TYPE_ENTITY_REFERENCE:
    case XML_READER_TYPE_NOTATION:
        return bank_fail(reader->build, BANK_FORBIDDEN, line_now(reader), 0, "a document type or an entity");
    default:
        return OK;
    }
}

/* ---- the file ---- */

/* Whether the declared encoding is one that banks use. All of them write ASCII as ASCII, so that what is looked for in
 * the bytes before libxml2 sees them cannot hide behind another encoding. */
static bool plain_encoding(struct str bytes)
{
    static const char *const known[] = {"UTF-8", "US-ASCII", "ISO-8859-1", "ISO-8859-15", "WINDOWS-1252"};
    struct str rest = str_starts(bytes, S("\xEF\xBB\xBF")) ? str_sub(bytes, 3, bytes.n) : bytes;
    if (!str_starts(rest, S("<?xml")))
        return true; /* no declaration: UTF-8, which libxml2 checks */
    struct str declaration = str_cut(&rest, '>');
    const char *found = memmem(declaration.p, declaration.n, "encoding", 8);
    if (found == NULL)
        return true;
    struct str name = str_sub(declaration, (size_t)(found - declaration.p) + 8, declaration.n);
    while (name.n != 0 && (*name.p == ' ' || *name.p == '=' || *name.p == '"' || *name.p == '\''))
        name = str_sub(name, 1, name.n);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t n = strlen(known[i]);
        if (name.n > n && strncasecmp(name.p, known[i], n) == 0 && (name.p[n] == '"' || name.p[n] == '\''))
            return true;
    }
    return false;
}

/* Before any parsing: what opens the doors to other files and to growing without end is refused unread. */
static enum err refuse_dangers(const struct bank_build *build, struct str bytes)
{
    static const char *const dangers[] = {"<!DOCTYPE", "<!ENTITY"};
    if (memchr(bytes.p, '\0', bytes.n) != NULL || !plain_encoding(bytes))
        return bank_fail(build, BANK_FIELD, 1, 0, "an encoding other than UTF-8 or Latin-1");
    for (size_t i = 0; i < sizeof dangers / sizeof dangers[0]; i++)
        if (memmem(bytes.p, bytes.n, dangers[i], strlen(dangers[i])) != NULL)
            return bank_fail(build, BANK_FORBIDDEN, 0, 0, "«%s», which no bank sends", dangers[i]);
    return OK;
}

static enum err read_nodes(struct camt_reader *reader)
{
    int more;
    enum err err = OK;
    while (err == OK && (more = xmlTextReaderRead(reader->xml)) == 1)
        err = take_node(reader);
    if (err == OK && more != 0)
        err = bank_fail(reader->build, BANK_DAMAGED, reader->xml_error_line, 0, "%s",
                        reader->xml_error[0] == '\0' ? "not well-formed" : reader->xml_error);
    return err;
}

static enum err read_document(struct bank_build *build, struct str bytes)
{
    if (bytes.n == 0)
        return bank_fail(build, BANK_UNKNOWN, 0, 0, "an empty file");
    enum err err = refuse_dangers(build, bytes);
    if (err != OK)
        return err;
    struct camt_reader *reader = ARENA_NEW(build->arena, struct camt_reader);
    reader->build = build;
    /* Without NOENT, DTDLOAD and HUGE: no entity is replaced, nothing is loaded, libxml2's own limits hold. */
    reader->xml = xmlReaderForMemory(bytes.p, (int)bytes.n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
    if (reader->xml == NULL)
        return bank_fail(build, BANK_DAMAGED, 0, 0, "not readable as XML");
    xmlTextReaderSetErrorHandler(reader->xml, on_xml_error, reader);
    err = read_nodes(reader);
    xmlFreeTextReader(reader->xml);
    return err;
}

enum err bank_read_camt053(struct arena *arena, struct str bytes, struct bank_file *ret_file,
                           struct bank_problem *problem)
{
    return bank_read(arena, bytes, BANK_CAMT053, read_document, ret_file, problem);
}
