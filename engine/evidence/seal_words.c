/* What verifying says. */
#include <stdarg.h>
#include <stdio.h>

#include "seal_parts.h"

const char *const rebut_words_fault[REBUT_FAULTS] = {
    [REBUT_FAULT_NO_MANIFEST] = "no_manifest",
    [REBUT_FAULT_MANIFEST] = "manifest",
    [REBUT_FAULT_NO_SIGNATURE] = "no_signature",
    [REBUT_FAULT_SIGNATURE] = "signature",
    [REBUT_FAULT_UNKNOWN_KEY] = "unknown_key",
    [REBUT_FAULT_REVOKED] = "revoked_key",
    [REBUT_FAULT_SEQUENCE] = "sequence",
    [REBUT_FAULT_TOTAL] = "total",
    [REBUT_FAULT_NAME] = "name",
    [REBUT_FAULT_MISSING] = "missing",
    [REBUT_FAULT_SIZE] = "size",
    [REBUT_FAULT_CONTENT] = "content",
    [REBUT_FAULT_EXTRA] = "extra",
    [REBUT_FAULT_PREVIOUS] = "previous",
    [REBUT_FAULT_STAMP_REQUEST] = "timestamp_request",
    [REBUT_FAULT_STAMP] = "timestamp",
};

static const char *const sentences[REBUT_FAULTS][2] = {
    [REBUT_FAULT_NO_MANIFEST] = {"没有清单，或清单无法读取",
                                 "there is no manifest that can be read"},
    [REBUT_FAULT_MANIFEST] = {"清单内容不合规范", "the manifest is not one"},
    [REBUT_FAULT_NO_SIGNATURE] = {"没有签名", "there is no signature"},
    [REBUT_FAULT_SIGNATURE] = {"签名与清单不符", "the signature does not fit"},
    [REBUT_FAULT_UNKNOWN_KEY] = {"签名所用的密钥不在已知公钥之列",
                                 "signed by a key that is not known"},
    [REBUT_FAULT_REVOKED] = {"签名所用的密钥当时已被吊销",
                             "signed by a key that had been revoked"},
    [REBUT_FAULT_SEQUENCE] = {"序号有缺、重复或颠倒",
                              "numbers are missing, repeated or out of order"},
    [REBUT_FAULT_TOTAL] = {"文件数与清单所述不符", "not as many entries as stated"},
    [REBUT_FAULT_NAME] = {"文件名不合规范或重复",
                          "a name that is not plain, or twice the same"},
    [REBUT_FAULT_MISSING] = {"文件缺失或不是普通文件",
                             "the file is missing or no regular file"},
    [REBUT_FAULT_SIZE] = {"文件大小改变", "the file has another size"},
    [REBUT_FAULT_CONTENT] = {"文件内容改变", "the file has another content"},
    [REBUT_FAULT_EXTRA] = {"清单中没有此文件", "the file is not in the manifest"},
    [REBUT_FAULT_PREVIOUS] = {"与上一份清单不相接",
                              "it does not follow the bundle before"},
    [REBUT_FAULT_STAMP_REQUEST] = {"时间戳请求与签名不符",
                                   "the request for a time stamp does not fit"},
    [REBUT_FAULT_STAMP] = {"时间戳回复与签名不符", "the time stamp does not fit"},
};

void rebut_fault_sentence(const struct rebut_finding_of_seal *finding,
                          enum rebut_language language, char *ret, size_t size)
{
    snprintf(ret, size, "%s%s%s: %s", finding->where,
             finding->where[0] == '\0' ? "" : ": ", sentences[finding->fault][language],
             finding->detail);
}

void rebut_seal_find(struct rebut_verification *ret, enum rebut_fault fault,
                     const char *where, const char *format, ...)
{
    if (ret->found++ >= REBUT_FINDINGS_KEPT)
        return;
    struct rebut_finding_of_seal *finding = &ret->list[ret->count++];
    finding->fault = fault;
    snprintf(finding->where, sizeof finding->where, "%s", where);
    va_list words;
    va_start(words, format);
    vsnprintf(finding->detail, sizeof finding->detail, format, words);
    va_end(words);
}
