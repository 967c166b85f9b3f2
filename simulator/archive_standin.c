/* A stand-in for WeCom's archive library (会话存档 SDK 替身): the same header contract, our own inside.
 *
 * Tencent's own library cannot be had from a registry, and what its DecryptData does is not public.
 * This one is compiled by gcc (python -m simulator.standin) and loaded by the real ctypes adapter.
 * Everything it serves lies in the folder that $JINGGE_STANDIN names when NewSdk is called:
 *   rows         lines "<seq> <JSON of the item>", in any order
 *   account      "<corp id> <secret>"; another account is answered with errcode 40001
 *   fail_page, fail_media   one number: returned once by the next call, then deleted
 *   answer       JSON text that the next GetChatData answers, then deleted
 *   block        while this file exists, GetChatData does not come back
 *   piece        bytes per GetMediaData call (524288 without it)
 *   media/<id>   files
 *   calls        written by us: one line for each call
 * The inner cipher is a toy with a check sum: only this file and archive_rows.py know it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct { char folder[512]; int is_ours; } WeWorkFinanceSdk_t;
typedef struct { char *buf; int len; } Slice_t;
typedef struct { char *index; int index_len; char *data; int data_len; int is_finish; } MediaData_t;

static char lasting_folder[512];
static int live;

int Standin_Live(void) { return __atomic_load_n(&live, __ATOMIC_SEQ_CST); }

static void *make(size_t size) {
    __atomic_add_fetch(&live, 1, __ATOMIC_SEQ_CST);
    return calloc(1, size);
}

static void unmake(void *it) {
    __atomic_sub_fetch(&live, 1, __ATOMIC_SEQ_CST);
    free(it);
}

static void path_of(char *out, size_t size, const char *folder, const char *name) {
    snprintf(out, size, "%s/%s", folder, name);
}

static char *read_whole(const char *folder, const char *name, long *length) {
    char path[1024];
    path_of(path, sizeof path, folder, name);
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    size_t got = fread(text, 1, (size_t)size, file);
    text[got] = 0;
    *length = (long)got;
    fclose(file);
    return text;
}

static char *take_once(const char *folder, const char *name) {
    long length;
    char path[1024], *text = read_whole(folder, name, &length);
    if (text) {
        path_of(path, sizeof path, folder, name);
        remove(path);
    }
    return text;
}

static int fail_once(const char *folder, const char *name) {
    char *text = take_once(folder, name);
    int code = text ? atoi(text) : 0;
    free(text);
    return code;
}

static void note(const char *folder, const char *line) {
    char path[1024];
    path_of(path, sizeof path, folder, "calls");
    FILE *file = fopen(path, "a");
    if (!file) return;
    fprintf(file, "%s\n", line);
    fclose(file);
}

WeWorkFinanceSdk_t *NewSdk(void) {
    WeWorkFinanceSdk_t *sdk = make(sizeof *sdk);
    const char *folder = getenv("JINGGE_STANDIN");
    snprintf(sdk->folder, sizeof sdk->folder, "%s", folder ? folder : ".");
    snprintf(lasting_folder, sizeof lasting_folder, "%s", sdk->folder);
    return sdk;
}

void DestroySdk(WeWorkFinanceSdk_t *sdk) { unmake(sdk); }

int Init(WeWorkFinanceSdk_t *sdk, const char *corpid, const char *secret) {
    char given[512];
    long length;
    if (!sdk || !corpid || !secret || !*corpid || !*secret) return 10000;
    snprintf(given, sizeof given, "%s %s", corpid, secret);
    char *wanted = read_whole(sdk->folder, "account", &length);
    sdk->is_ours = !wanted || strcmp(wanted, given) == 0;
    free(wanted);
    return 0;
}

Slice_t *NewSlice(void) { return make(sizeof(Slice_t)); }
void FreeSlice(Slice_t *slice) { free(slice->buf); unmake(slice); }
char *GetContentFromSlice(Slice_t *slice) { return slice->buf; }
int GetSliceLen(Slice_t *slice) { return slice->len; }

static int put(Slice_t *slice, char *text, long length) {
    slice->buf = text;
    slice->len = (int)length;
    return 0;
}

static int by_seq(const void *a, const void *b) {
    unsigned long long one = strtoull(*(char *const *)a, NULL, 10);
    unsigned long long two = strtoull(*(char *const *)b, NULL, 10);
    return one < two ? -1 : one > two;
}

int GetChatData(WeWorkFinanceSdk_t *sdk, unsigned long long seq, unsigned int limit,
                const char *proxy, const char *passwd, int timeout, Slice_t *out) {
    char line[128];
    long size = 0;
    (void)proxy;
    (void)passwd;
    snprintf(line, sizeof line, "page %llu %u %d", seq, limit, timeout);
    note(sdk->folder, line);
    char block[1024];
    path_of(block, sizeof block, sdk->folder, "block");
    while (access(block, F_OK) == 0) usleep(5000);
    if (limit == 0 || limit > 1000 || timeout <= 0) return 10000;
    int code = fail_once(sdk->folder, "fail_page");
    if (code) return code;
    char *answer = take_once(sdk->folder, "answer");
    if (answer) return put(out, answer, (long)strlen(answer));
    if (!sdk->is_ours) {
        answer = strdup("{\"errcode\":40001,\"errmsg\":\"invalid credential\"}");
        return put(out, answer, (long)strlen(answer));
    }
    char *rows = read_whole(sdk->folder, "rows", &size);
    char *page = malloc((size_t)size + 128);
    long used = sprintf(page, "{\"errcode\":0,\"errmsg\":\"ok\",\"chatdata\":[");
    char **lines = malloc(sizeof(char *) * ((size_t)size / 2 + 1));
    size_t count = 0;
    for (char *rest = rows, *one; rows && (one = strsep(&rest, "\n"));)
        if (*one) lines[count++] = one;
    qsort(lines, count, sizeof *lines, by_seq);
    unsigned int served = 0;
    for (size_t i = 0; i < count && served < limit; i++) {
        char *item = NULL;
        if (strtoull(lines[i], &item, 10) <= seq) continue;
        used += sprintf(page + used, "%s%s", served++ ? "," : "", item + 1);
    }
    used += sprintf(page + used, "]}");
    free(lines);
    free(rows);
    return put(out, page, used);
}

/* ------------------------------------------------------------------ the inner cipher, a toy */

static uint64_t seed_of(const char *key) {
    uint64_t hash = 1469598103934665603ULL;
    for (; *key; key++) hash = (hash ^ (unsigned char)*key) * 1099511628211ULL;
    return hash | 1;
}

static unsigned char next_of(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (unsigned char)(*state >> 24);
}

static long from_base64(const char *text, unsigned char *out) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    int held = 0;
    long length = 0;
    for (; *text && *text != '='; text++) {
        const char *found = strchr(letters, *text);
        if (!found) return -1;
        bits = bits << 6 | (uint32_t)(found - letters);
        held += 6;
        if (held >= 8) out[length++] = (unsigned char)(bits >> (held -= 8));
    }
    return length;
}

int DecryptData(const char *key, const char *body, Slice_t *out) {
    note(lasting_folder, "decrypt");
    if (!key || !*key) return 10008;
    unsigned char *data = malloc(strlen(body) + 4);
    long length = from_base64(body, data);
    if (length < 4) {
        free(data);
        return 10006;
    }
    uint64_t state = seed_of(key);
    for (long i = 0; i < length; i++) data[i] ^= next_of(&state);
    uint32_t sum = 2166136261u;
    for (long i = 4; i < length; i++) sum = (sum ^ data[i]) * 16777619u;
    if (memcmp(data, &sum, 4) != 0) {
        free(data);
        return 10006;
    }
    memmove(data, data + 4, (size_t)(length - 4));
    return put(out, (char *)data, length - 4);
}

/* ------------------------------------------------------------------ files */

MediaData_t *NewMediaData(void) { return make(sizeof(MediaData_t)); }
void FreeMediaData(MediaData_t *media) {
    free(media->index);
    free(media->data);
    unmake(media);
}
char *GetOutIndexBuf(MediaData_t *media) { return media->index; }
int GetIndexLen(MediaData_t *media) { return media->index_len; }
char *GetData(MediaData_t *media) { return media->data; }
int GetDataLen(MediaData_t *media) { return media->data_len; }
int IsMediaDataFinish(MediaData_t *media) { return media->is_finish; }

int GetMediaData(WeWorkFinanceSdk_t *sdk, const char *index, const char *file_id,
                 const char *proxy, const char *passwd, int timeout, MediaData_t *out) {
    char name[256], line[320];
    long size, length, piece = 524288;
    (void)proxy;
    (void)passwd;
    snprintf(line, sizeof line, "media %s %s", *index ? index : "-", file_id);
    note(sdk->folder, line);
    if (timeout <= 0 || strchr(file_id, '/')) return 10000;
    int code = fail_once(sdk->folder, "fail_media");
    if (code) return code;
    snprintf(name, sizeof name, "media/%s", file_id);
    char *text = read_whole(sdk->folder, "piece", &length);
    if (text) piece = atol(text);
    free(text);
    char *data = read_whole(sdk->folder, name, &size);
    if (!data) return 10005;
    long from = atol(index);
    length = size - from < piece ? size - from : piece;
    out->data = malloc((size_t)length + 1);
    memcpy(out->data, data + from, (size_t)length);
    out->data_len = (int)length;
    out->index = malloc(32);
    out->index_len = sprintf(out->index, "%ld", from + length);
    out->is_finish = from + length >= size;
    free(data);
    return 0;
}
