/** Which processors sessions run on. */
package org.tfddpm.device;
