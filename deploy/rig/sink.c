/* An SMTP server that takes all mail and keeps nothing, as smtp-sink(1) does, but behind TLS and with a login, which that
 * one lacks. For measurements alone: it believes every password. A thread a connection.
 *
 *   cc -O2 -o sink sink.c -lssl -lcrypto -lpthread
 *   sink PORT CERTIFICATE.pem KEY.pem [MILLISECONDS]
 *
 * Waits so long before each answer. Standard output tells of each mail that was accepted: when (seconds of
 * CLOCK_MONOTONIC), for whom, the address in its Reply-To, and its List-Id.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static SSL_CTX *context;
static useconds_t latency;

static int say(SSL *tls, const char *words) {
  if (latency) usleep(latency);
  return SSL_write(tls, words, (int)strlen(words)) > 0;
}

/* What stands between the angle brackets that follow a word; empty where it is not there. */
static void bracketed(char *into, size_t size, const char *text, const char *word) {
  const char *at = strcasestr(text, word), *begin = at ? strchr(at, '<') : NULL, *end = begin ? strchr(begin, '>') : NULL;
  snprintf(into, size, "%.*s", end ? (int)(end - begin - 1) : 0, end ? begin + 1 : "");
}

static void tell(const char *recipient, const char *message) {
  char line[1600], replyTo[500], list[500];
  bracketed(replyTo, sizeof replyTo, message, "\nReply-To:");
  bracketed(list, sizeof list, message, "\nList-Id:");
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int length = snprintf(line, sizeof line, "%ld.%06ld %s %s %s\n", now.tv_sec, now.tv_nsec / 1000, recipient, replyTo, list);
  if (write(STDOUT_FILENO, line, (size_t)length) != length) exit(74);
}

/* Reads on until the octets end a line, or a message. What comes after is none: nobody sends ahead without PIPELINING. */
static int hear(SSL *tls, char *buffer, int size, const char *end) {
  int length = 0, wanted = (int)strlen(end);
  for (;;) {
    int count = SSL_read(tls, buffer + length, size - length);
    if (count <= 0) return 0;
    length += count;
    if (length >= wanted && memcmp(buffer + length - wanted, end, (size_t)wanted) == 0) return length;
    if (length == size) {
      memmove(buffer, buffer + length - 8, 8);
      length = 8;
    }
  }
}

static void *serve(void *argument) {
  int one = 1, socket = (int)(long)argument;
  char buffer[65537], recipient[500] = "";
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  SSL *tls = SSL_new(context);
  SSL_set_fd(tls, socket);
  if (SSL_accept(tls) > 0 && say(tls, "220 sink ESMTP\r\n")) {
    int length;
    while ((length = hear(tls, buffer, sizeof buffer - 1, "\r\n"))) {
      buffer[length] = 0;
      if (strncasecmp(buffer, "EHLO", 4) == 0) {
        if (!say(tls, "250-sink\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n")) break;
      } else if (strncasecmp(buffer, "AUTH", 4) == 0) {
        int isShort = strchr(buffer + 5, ' ') == NULL || strchr(buffer + 5, ' ') > strchr(buffer, '\r');
        if (isShort && !(say(tls, "334 \r\n") && hear(tls, buffer, sizeof buffer, "\r\n"))) break;
        if (!say(tls, "235 2.7.0 ok\r\n")) break;
      } else if (strncasecmp(buffer, "RCPT", 4) == 0) {
        bracketed(recipient, sizeof recipient, buffer, "TO:");
        if (!say(tls, "250 2.1.5 ok\r\n")) break;
      } else if (strncasecmp(buffer, "DATA", 4) == 0) {
        if (!say(tls, "354 go\r\n") || !(length = hear(tls, buffer, sizeof buffer - 1, "\r\n.\r\n"))) break;
        buffer[length] = 0;
        if (!say(tls, "250 2.0.0 taken\r\n")) break;
        tell(recipient, buffer);
      } else if (strncasecmp(buffer, "QUIT", 4) == 0) {
        say(tls, "221 2.0.0 bye\r\n");
        break;
      } else if (!say(tls, "250 2.0.0 ok\r\n")) {
        break;
      }
    }
  }
  SSL_shutdown(tls);
  SSL_free(tls);
  close(socket);
  return NULL;
}

int main(int count, char **words) {
  if (count < 4) return 64;
  if (count > 4) latency = (useconds_t)atoi(words[4]) * 1000;
  signal(SIGPIPE, SIG_IGN);
  context = SSL_CTX_new(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(context, words[2]) <= 0) return 78;
  if (SSL_CTX_use_PrivateKey_file(context, words[3], SSL_FILETYPE_PEM) <= 0) return 78;
  int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(words[1]))};
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&place, sizeof place) || listen(listener, 1024)) return 69;
  for (;;) {
    int socket = accept(listener, NULL, NULL);
    pthread_t thread;
    if (socket >= 0 && pthread_create(&thread, NULL, serve, (void *)(long)socket) == 0) pthread_detach(thread);
  }
}
