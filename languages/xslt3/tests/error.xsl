<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template name="xsl:initial-template"><xsl:value-of select="$nowhere"/></xsl:template>
</xsl:stylesheet>
