<?xml version="1.0" encoding="UTF-8"?>
<!-- A stylesheet may carry its own data: here planets become a table. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:my="urn:my" exclude-result-prefixes="my">
  <xsl:output method="xml" indent="yes" omit-xml-declaration="yes"/>
  <my:planets>
    <my:planet name="Mercury" radius="2440" moons="0"/>
    <my:planet name="Earth" radius="6371" moons="1"/>
    <my:planet name="Mars" radius="3390" moons="2"/>
    <my:planet name="Jupiter" radius="69911" moons="97"/>
  </my:planets>
  <xsl:template match="/">
    <table>
      <xsl:for-each select="//my:planet">
        <xsl:sort select="@radius" data-type="number" order="descending"/>
        <tr><th><xsl:value-of select="position()"/></th><xsl:apply-templates select="@*"/></tr>
      </xsl:for-each>
      <caption><xsl:value-of select="sum(//my:planet/@moons)"/> moons in all</caption>
    </table>
  </xsl:template>
  <xsl:template match="@moons[. = 0]"><td>alone</td></xsl:template>
  <xsl:template match="@*"><td><xsl:value-of select="."/></td></xsl:template>
</xsl:stylesheet>
