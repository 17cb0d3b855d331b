/* libxml2's encoding.h includes ICU, of which Foundation has a copy of its own under the same names: Swift sees two
   different enums and stops. Only the inside of xmlCharEncodingHandler depends on ICU, which we never touch. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
