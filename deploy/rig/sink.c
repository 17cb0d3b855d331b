/* An SMTP server that takes all mail and keeps nothing, as smtp-sink(1) does, but behind TLS and with a login, which that
 * one lacks. For measurements alone: it believes every password. A thread a connection.
 *
 *   cc -O2 -o sink sink.c -lssl -lcrypto -lpthread
 *   sink PORT CERTIFICATE.pem KEY.pem [MILLISECONDS]
 *
 * Waits so long before each answer. Standard output tells of each mail that was accepted: when (seconds of
 * CLOCK_MONOTONIC), for whom, how many octets (65,536 of a larger one), the address in its Reply-To, and its List-Id.
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

/* A client, with what it sent that is not read yet, and what it is answered when it waits. */
struct client {
  SSL *tls;
  char in[65537], out[4096];
  int length, unsaid;
};

static int flush(struct client *client) {
  int length = client->unsaid;
  client->unsaid = 0;
  return length == 0 || SSL_write(client->tls, client->out, length) > 0;
}

/* Held back while more commands lie there (RFC 2920, section 3.2). */
static int say(struct client *client, const char *words) {
  int length = (int)strlen(words);
  if (latency) usleep(latency);
  if (client->unsaid + length > (int)sizeof client->out && !flush(client)) return 0;
  memcpy(client->out + client->unsaid, words, (size_t)length);
  client->unsaid += length;
  return client->length > 0 || flush(client);
}

/* What stands between the angle brackets that follow a word; empty where it is not there. */
static void bracketed(char *into, size_t size, const char *text, const char *word) {
  const char *at = strcasestr(text, word), *begin = at ? strchr(at, '<') : NULL, *end = begin ? strchr(begin, '>') : NULL;
  snprintf(into, size, "%.*s", end ? (int)(end - begin - 1) : 0, end ? begin + 1 : "");
}

static void tell(const char *recipient, const char *message, int octets) {
  char line[1600], replyTo[500], list[500];
  bracketed(replyTo, sizeof replyTo, message, "\nReply-To:");
  bracketed(list, sizeof list, message, "\nList-Id:");
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int length = snprintf(line, sizeof line, "%ld.%06ld %s %d %s %s\n", now.tv_sec, now.tv_nsec / 1000, recipient, octets, replyTo, list);
  if (write(STDOUT_FILENO, line, (size_t)length) != length) exit(74);
}

/* Takes the octets up to an end, at most `size` of them: only the first of a longer message. Nought where the client left. */
static int hear(struct client *client, char *into, int size, const char *end) {
  int taken = 0, wanted = (int)strlen(end);
  for (;;) {
    client->in[client->length] = 0;
    char *found = memmem(client->in, (size_t)client->length, end, (size_t)wanted);
    int pass = found ? (int)(found - client->in) + wanted : client->length < wanted ? 0 : client->length - wanted + 1;
    int keep = pass < size - 1 - taken ? pass : size - 1 - taken;
    memcpy(into + taken, client->in, (size_t)keep);
    taken += keep;
    into[taken] = 0;
    client->length -= pass;
    memmove(client->in, client->in + pass, (size_t)client->length);
    if (found) return taken;
    if (!flush(client)) return 0;
    int count = SSL_read(client->tls, client->in + client->length, (int)sizeof client->in - 1 - client->length);
    if (count <= 0) return 0;
    client->length += count;
  }
}

static int is(const char *line, const char *verb) { return strncasecmp(line, verb, strlen(verb)) == 0; }

static void talk(struct client *client) {
  char line[65537], recipient[500] = "";
  if (!say(client, "220 sink ESMTP\r\n")) return;
  while (hear(client, line, sizeof line, "\r\n")) {
    const char *answer = "250 2.0.0 ok\r\n";
    int octets = 0;
    if (is(line, "EHLO")) {
      answer = "250-sink\r\n250-PIPELINING\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n";
    } else if (is(line, "AUTH")) {
      int isShort = strchr(line + 5, ' ') == NULL;
      if (isShort && !(say(client, "334 \r\n") && hear(client, line, sizeof line, "\r\n"))) return;
      answer = "235 2.7.0 ok\r\n";
    } else if (is(line, "RCPT")) {
      bracketed(recipient, sizeof recipient, line, "TO:");
      answer = "250 2.1.5 ok\r\n";
    } else if (is(line, "DATA")) {
      if (!say(client, "354 go\r\n") || !(octets = hear(client, line, sizeof line, "\r\n.\r\n"))) return;
    } else if (is(line, "QUIT")) {
      say(client, "221 2.0.0 bye\r\n");
      return;
    }
    if (!say(client, answer)) return;
    if (octets) tell(recipient, line, octets);
  }
}

static void *serve(void *argument) {
  int one = 1, socket = (int)(long)argument;
  struct client *client = calloc(1, sizeof *client);
  if (!client) exit(71);
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  client->tls = SSL_new(context);
  SSL_set_fd(client->tls, socket);
  if (SSL_accept(client->tls) > 0) talk(client);
  SSL_shutdown(client->tls);
  SSL_free(client->tls);
  free(client);
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
