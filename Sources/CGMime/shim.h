#include <gmime/gmime.h>

/* GMime's casts and type tests are macros, which Swift does not see: one typed function for each that we use. */

static inline gboolean postplein_is_multipart(GMimeObject *object) { return GMIME_IS_MULTIPART(object); }
static inline gboolean postplein_is_message_part(GMimeObject *object) { return GMIME_IS_MESSAGE_PART(object); }
static inline gboolean postplein_is_memory(GMimeStream *stream) { return GMIME_IS_STREAM_MEM(stream); }
static inline gboolean postplein_is_part(GMimeObject *object) { return GMIME_IS_PART(object); }
static inline GMimeMultipart *postplein_as_multipart(GMimeObject *object) { return (GMimeMultipart *) object; }
static inline GMimeMessagePart *postplein_as_message_part(GMimeObject *object) { return (GMimeMessagePart *) object; }
static inline GMimePart *postplein_as_part(GMimeObject *object) { return (GMimePart *) object; }
static inline GMimeStreamMem *postplein_as_memory(GMimeStream *stream) { return (GMimeStreamMem *) stream; }
static inline GMimeObject *postplein_message_as_object(GMimeMessage *message) { return (GMimeObject *) message; }
static inline GMimeObject *postplein_part_as_object(GMimePart *part) { return (GMimeObject *) part; }

static inline InternetAddressMailbox *postplein_as_mailbox(InternetAddress *address) {
  return INTERNET_ADDRESS_IS_MAILBOX(address) ? (InternetAddressMailbox *) address : NULL;
}
static inline InternetAddressGroup *postplein_as_group(InternetAddress *address) {
  return INTERNET_ADDRESS_IS_GROUP(address) ? (InternetAddressGroup *) address : NULL;
}

static inline void postplein_unref(gpointer object) { g_object_unref(object); }

/* Objects that GMime hands out as their own type, as the type that its functions take. */
static inline GMimeObject *postplein_multipart_as_object(GMimeMultipart *multipart) { return (GMimeObject *) multipart; }
