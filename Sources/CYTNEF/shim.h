#include <stdio.h>
#include <ytnef.h>

/* The library tells a missing property by a pointer of -1, a macro that Swift does not see. */
static inline variableLength *postplein_tnef_property(MAPIProps *properties, unsigned int type, unsigned int id) {
  variableLength *value = MAPIFindProperty(properties, PROP_TAG(type, id));
  return value == MAPI_UNDEFINED ? NULL : value;
}
