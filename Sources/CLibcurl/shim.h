// Typed forms of libcurl's variadic functions, which Swift cannot call: one function for each kind of argument that
// curl_easy_setopt(3) and curl_easy_getinfo(3) take here. No policy.
#ifndef POSTPLEIN_CLIBCURL_SHIM_H
#define POSTPLEIN_CLIBCURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*postplein_curl_bytes_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*postplein_curl_debug_callback)(CURL *easy, curl_infotype type, char *bytes, size_t count, void *context);
typedef int (*postplein_curl_progress_callback)(void *context, curl_off_t down_total, curl_off_t down,
                                                curl_off_t up_total, curl_off_t up);

static inline CURLcode postplein_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

// libcurl copies the string.
static inline CURLcode postplein_curl_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

// libcurl keeps the pointer.
static inline CURLcode postplein_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

// CURLOPT_HEADERFUNCTION.
static inline CURLcode postplein_curl_set_bytes_callback(CURL *easy, CURLoption option,
                                                         postplein_curl_bytes_callback value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode postplein_curl_set_debug_callback(CURL *easy, postplein_curl_debug_callback value) {
  return curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, value);
}

static inline CURLcode postplein_curl_set_progress_callback(CURL *easy, postplein_curl_progress_callback value) {
  return curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, value);
}

static inline CURLcode postplein_curl_get_socket(CURL *easy, curl_socket_t *value) {
  return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, value);
}

#endif
