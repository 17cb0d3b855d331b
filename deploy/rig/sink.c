/* An SMTP server that takes all mail and keeps nothing, as smtp-sink(1) does, but behind TLS and with a login, which that
 * one lacks. For measurements alone: it believes every password. A thread a connection.
 *
 *   cc -O2 -o sink sink.c -lssl -lcrypto -lpthread
 *   sink PORT CERTIFICATE.pem KEY.pem
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static SSL_CTX *context;

static int say(SSL *tls, const char *words) { return SSL_write(tls, words, (int)strlen(words)) > 0; }

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
  char buffer[65536];
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  SSL *tls = SSL_new(context);
  SSL_set_fd(tls, socket);
  if (SSL_accept(tls) > 0 && say(tls, "220 sink ESMTP\r\n")) {
    while (hear(tls, buffer, sizeof buffer, "\r\n")) {
      if (strncasecmp(buffer, "EHLO", 4) == 0) {
        if (!say(tls, "250-sink\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n")) break;
      } else if (strncasecmp(buffer, "AUTH", 4) == 0) {
        int isShort = strchr(buffer + 5, ' ') == NULL || strchr(buffer + 5, ' ') > strchr(buffer, '\r');
        if (isShort && !(say(tls, "334 \r\n") && hear(tls, buffer, sizeof buffer, "\r\n"))) break;
        if (!say(tls, "235 2.7.0 ok\r\n")) break;
      } else if (strncasecmp(buffer, "DATA", 4) == 0) {
        if (!say(tls, "354 go\r\n") || !hear(tls, buffer, sizeof buffer, "\r\n.\r\n")) break;
        if (!say(tls, "250 2.0.0 taken\r\n")) break;
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
  if (count != 4) return 64;
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
